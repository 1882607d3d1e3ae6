-- A bank: deferrable keys, checks, domains with defaults.
CREATE DOMAIN iban AS char(22); CREATE DOMAIN cents AS bigint DEFAULT 0 NOT NULL;
CREATE TABLE customers (id bigint PRIMARY KEY, tax_id text UNIQUE);
CREATE TABLE accounts (iban iban PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers DEFERRABLE, balance cents, overdraft cents, opened date NOT NULL DEFAULT current_date);
CREATE TABLE transfers (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), debit_iban iban NOT NULL REFERENCES accounts, credit_iban iban NOT NULL REFERENCES accounts, amount cents CHECK (amount > 0), booked_at timestamptz(3));
CREATE MATERIALIZED VIEW balances AS SELECT a.iban, a.balance + coalesce(sum(t.amount), 0) AS balance FROM accounts a LEFT JOIN transfers t ON t.credit_iban = a.iban GROUP BY a.iban;
CREATE UNIQUE INDEX ON balances (iban);
