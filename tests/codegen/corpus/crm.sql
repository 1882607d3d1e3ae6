-- A CRM with polymorphic notes and soft deletion.
CREATE TABLE companies (id serial PRIMARY KEY, name text NOT NULL, parent_company_id int REFERENCES companies, deleted_at timestamptz);
CREATE TABLE contacts (id serial PRIMARY KEY, company_id int REFERENCES companies, primary_for int UNIQUE REFERENCES companies, name text NOT NULL);
CREATE TABLE deals (id serial PRIMARY KEY, company_id int NOT NULL REFERENCES companies, contact_id int REFERENCES contacts, amount numeric NOT NULL DEFAULT 0, stage int NOT NULL);
CREATE TABLE notes (id serial PRIMARY KEY, subject_type text NOT NULL, subject_id int NOT NULL, body text);
CREATE TABLE activities (id serial PRIMARY KEY, deal_id int REFERENCES deals, contact_id int REFERENCES contacts, happened tstzrange);
CREATE VIEW open_deals AS SELECT d.*, c.name AS company_name, p.name AS contact_name FROM deals d JOIN companies c ON c.id = d.company_id LEFT JOIN contacts p ON p.id = d.contact_id;
