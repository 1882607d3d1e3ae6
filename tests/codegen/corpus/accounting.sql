-- Books with composite keys all the way down, ranges without overlap, deferred keys.
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE TABLE companies (code char(4) PRIMARY KEY, name text NOT NULL);
CREATE TABLE fiscal_years (company char(4) REFERENCES companies, year smallint, span daterange NOT NULL, PRIMARY KEY (company, year), EXCLUDE USING gist (company WITH =, span WITH &&));
CREATE TABLE ledger_accounts (company char(4) REFERENCES companies, number varchar(12), parent_number varchar(12), title text NOT NULL, PRIMARY KEY (company, number),
  FOREIGN KEY (company, parent_number) REFERENCES ledger_accounts (company, number) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE journal_entries (company char(4), year smallint, number int, booked_on date NOT NULL DEFAULT current_date, reverses int, PRIMARY KEY (company, year, number),
  FOREIGN KEY (company, year) REFERENCES fiscal_years, FOREIGN KEY (company, year, reverses) REFERENCES journal_entries (company, year, number));
CREATE TABLE journal_lines (company char(4), year smallint, number int, line smallint, debit_account varchar(12), credit_account varchar(12), amount numeric(18, 2) NOT NULL CHECK (amount > 0),
  PRIMARY KEY (company, year, number, line), FOREIGN KEY (company, year, number) REFERENCES journal_entries ON DELETE CASCADE,
  FOREIGN KEY (company, debit_account) REFERENCES ledger_accounts, FOREIGN KEY (company, credit_account) REFERENCES ledger_accounts);
CREATE VIEW balances AS SELECT company, a AS account, sum(s) AS balance FROM (SELECT company, debit_account, amount FROM journal_lines UNION ALL SELECT company, credit_account, -amount FROM journal_lines) AS x (company, a, s) GROUP BY company, a;
