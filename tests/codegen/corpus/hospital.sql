-- A hospital: ranges, exclusion constraints, several schemas with tables of one name.
CREATE EXTENSION btree_gist;
CREATE SCHEMA clinical; CREATE SCHEMA billing;
CREATE TYPE clinical.blood_type AS ENUM ('A+', 'A-', 'B+', 'B-', 'AB+', 'AB-', '0+', '0-');
CREATE TABLE public.people (id int PRIMARY KEY, born_on date NOT NULL, names text[] NOT NULL);
CREATE TABLE clinical.patients (id int PRIMARY KEY REFERENCES people, blood clinical.blood_type, allergies text[]);
CREATE TABLE billing.patients (patient_id int PRIMARY KEY REFERENCES clinical.patients, insurer text NOT NULL);
CREATE TABLE clinical.rooms (number varchar(6) PRIMARY KEY, beds smallint NOT NULL DEFAULT 1);
CREATE TABLE clinical.stays (
  id int PRIMARY KEY, patient_id int NOT NULL REFERENCES clinical.patients, room varchar(6) NOT NULL REFERENCES clinical.rooms,
  during tstzrange NOT NULL, interruptions tstzmultirange, EXCLUDE USING gist (room WITH =, during WITH &&)
);
CREATE TABLE billing.invoices (id int PRIMARY KEY, stay_id int UNIQUE REFERENCES clinical.stays, amount money NOT NULL, due date);
CREATE TABLE clinical.observations (patient_id int REFERENCES clinical.patients, at timestamptz, code text, value numeric, unit text, PRIMARY KEY (patient_id, at, code));
