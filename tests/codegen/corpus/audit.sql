-- Auditing with inheritance, triggers and whole rows as values.
CREATE TABLE audited (changed_at timestamptz NOT NULL DEFAULT now(), changed_by name NOT NULL DEFAULT current_user);
CREATE TABLE items (id int PRIMARY KEY, name text NOT NULL) INHERITS (audited);
CREATE TABLE item_log (id bigserial PRIMARY KEY, operation "char" NOT NULL, old_row items, new_row items, rows items[]);
CREATE FUNCTION log_item() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO item_log (operation, old_row, new_row) VALUES (left(TG_OP, 1)::"char", OLD, NEW); RETURN NULL; END $$;
CREATE TRIGGER log AFTER INSERT OR UPDATE OR DELETE ON items FOR EACH ROW EXECUTE FUNCTION log_item();
CREATE VIEW latest AS SELECT DISTINCT ON ((l.new_row).id) l.new_row AS item, l.id AS log_id FROM item_log l ORDER BY (l.new_row).id, l.id DESC;
