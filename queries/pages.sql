-- Pages: the tree of a drive, search, and what moves about in it.

-- name: page_tree :many
-- The live pages of a drive, parents before children and siblings in order.
WITH RECURSIVE tree AS (
  SELECT p.id, p.parent_id, p.kind, p.title, 0 AS depth, ARRAY[p.position] AS path
  FROM pages p
  WHERE p.drive_id = :drive_id AND p.parent_id IS NULL AND NOT p.is_trashed
  UNION ALL
  SELECT p.id, p.parent_id, p.kind, p.title, t.depth + 1, t.path || p.position
  FROM pages p
  JOIN tree t ON p.parent_id = t.id
  WHERE NOT p.is_trashed
)
SELECT id, parent_id, kind, title, depth FROM tree ORDER BY path, id;

-- name: ancestors_of_page :many
-- The pages above a page, the nearest first.
WITH RECURSIVE ancestors AS (
  SELECT p.parent_id, 0 AS distance FROM pages p WHERE p.id = :page_id
  UNION ALL
  SELECT p.parent_id, a.distance + 1 FROM ancestors a JOIN pages p ON p.id = a.parent_id
)
SELECT p.id, p.title, p.kind
FROM ancestors a
JOIN pages p ON p.id = a.parent_id
ORDER BY a.distance;

-- name: page_by_id :opt
SELECT * FROM pages WHERE id = :id;

-- name: page_with_author :opt
-- A page and who made it; the author is None when the account is gone.
SELECT p, u AS author
FROM pages p
LEFT JOIN users u ON u.id = p.created_by
WHERE p.id = :id;

-- name: browse_pages :many
-- Live pages of a drive, narrowed and ordered as the caller wishes.
SELECT p.id, p.title, p.kind, p.updated_at, u.name AS author
FROM pages p
LEFT JOIN users u ON u.id = p.created_by
WHERE p.drive_id = :drive_id AND NOT p.is_trashed
  AND p.parent_id IS NOT DISTINCT FROM :parent_id     --? parent_id
  AND p.created_by = :created_by                      --? created_by
  AND p.kind = ANY (:kinds)                           --? kinds
ORDER BY
  p.updated_at DESC,                                  --? order = newest
  p.title,                                            --? order = title
  p.id
LIMIT :limit;

-- name: search_pages :many
-- Live pages of the drives that a user can enter, the best matches first, with the matching words marked.
SELECT p.id, p.drive_id, p.title,
  ts_rank(p.search, query) AS rank,
  ts_headline('english', p.plain_text, query, 'MaxFragments=1, MaxWords=20') AS headline
FROM websearch_to_tsquery('english', :words) AS query
JOIN pages p ON p.search @@ query
JOIN drive_access a ON a.drive_id = p.drive_id AND a.user_id = :user_id
WHERE NOT p.is_trashed AND (:drive_id::text IS NULL OR p.drive_id = :drive_id)
ORDER BY rank DESC, p.id
LIMIT :limit;

-- name: access_to_page :opt
-- The strongest right that a user has on a page, granted on the page itself or by the role in its drive.
SELECT max(access) AS access
FROM (
  SELECT pp.access FROM page_permissions pp WHERE pp.page_id = :page_id AND pp.user_id = :user_id
  UNION ALL
  SELECT CASE a.role WHEN 'viewer' THEN 'view' WHEN 'editor' THEN 'edit' ELSE 'manage' END::page_access
  FROM pages p
  JOIN drive_access a ON a.drive_id = p.drive_id
  WHERE p.id = :page_id AND a.user_id = :user_id
) granted;

-- name: trash_subtree :execrows
-- Puts a page and everything below it in the bin, and returns how many pages that were.
WITH RECURSIVE subtree AS (
  SELECT id, drive_id FROM pages WHERE id = :page_id
  UNION ALL
  SELECT p.id, p.drive_id FROM pages p JOIN subtree s ON p.drive_id = s.drive_id AND p.parent_id = s.id
)
UPDATE pages p SET trashed_at = now() FROM subtree s WHERE p.id = s.id AND p.trashed_at IS NULL;

-- name: restore_page :opt
UPDATE pages SET trashed_at = NULL WHERE id = :page_id AND trashed_at IS NOT NULL RETURNING id, title, updated_at;

-- name: move_pages :many
-- Moves pages below a parent, or to the top of the tree, at the positions given for each.
UPDATE pages p
SET parent_id = :parent_id, position = m.position
FROM unnest(:page_ids::text[], :positions::double precision[]) AS m(id, position)
WHERE p.id = m.id AND p.drive_id = :drive_id
RETURNING p.id, p.position;

-- name: save_page :opt
-- Saves a page on top of the revision that the editor had; None when somebody else was faster.
WITH saved AS (
  UPDATE pages
  SET content = :content, plain_text = :plain_text, title = coalesce(:title, title), revision = revision + 1
  WHERE id = :page_id AND revision = :revision
  RETURNING id, title, content, revision, updated_at
)
SELECT id, revision, updated_at FROM saved;

-- name: import_pages :copyfrom
-- Writes pages by the thousand, as an import does; parents first.
INSERT INTO pages (id, drive_id, parent_id, kind, title, plain_text, position, created_by)
VALUES (:id, :drive_id, :parent_id, :kind, :title, :plain_text, :position, :created_by);

-- name: rename_pages :batch
-- Gives each page its new title, and returns the old and the new one of those that are there.
WITH old AS (SELECT id, title FROM pages WHERE id = :page_id)
UPDATE pages p SET title = :title FROM old WHERE p.id = old.id
RETURNING p.id, old.title AS old_title, p.title;
