-- A schema from another time: quoted CamelCase, spaces, reserved words.
CREATE TABLE "CustomerOrder" ("OrderID" int PRIMARY KEY, "CustomerID" int NOT NULL, "Order Date" date NOT NULL, "Ship-To" text, "Total%" numeric, "class" text, "from" text, "XMLData" xml);
CREATE TABLE "Customer" ("CustomerID" int PRIMARY KEY, "FirstName" text, "lastName" text, "isActive" bool NOT NULL DEFAULT true, "SSN" char(11), "e-mail" text);
ALTER TABLE "CustomerOrder" ADD CONSTRAINT "FK_Order_Customer" FOREIGN KEY ("CustomerID") REFERENCES "Customer";
CREATE TABLE "tblOrderDetail" ("OrderID" int REFERENCES "CustomerOrder", "LineNo" int, "Qty" smallint NOT NULL, PRIMARY KEY ("OrderID", "LineNo"));
CREATE TABLE "user" ("group" text, "order" int, "limit" int, "select" text, "table" text, "check" bool);
CREATE VIEW "vwActiveCustomers" AS SELECT * FROM "Customer" WHERE "isActive";
