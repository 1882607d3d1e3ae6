-- Drives: who may enter them, what they hold, and what they cost.

-- name: drives_of_user :many
-- The drives that a user can enter, those of their own first.
SELECT d.id, d.name, d.slug, a.role, d.owner_id = :user_id AS is_owner, d.updated_at
FROM drive_access a
JOIN drives d ON d.id = a.drive_id
WHERE a.user_id = :user_id AND NOT d.is_trashed
ORDER BY is_owner DESC, d.name, d.id;

-- name: role_in_drive :opt
-- What a user may do in a drive.
SELECT max(a.role) AS role FROM drive_access a WHERE a.drive_id = :drive_id AND a.user_id = :user_id
HAVING count(*) > 0;

-- name: members_of_drive :many
-- The people of a drive with their roles, the strongest role first.
SELECT u.id, u.name, u.email, u.avatar_url, a.role, a.since
FROM drive_access a
JOIN users u ON u.id = a.user_id
WHERE a.drive_id = :drive_id
ORDER BY a.role DESC, u.name, u.id;

-- name: invite_to_drive :one
-- Invites by e-mail; a pending invitation of the same address gets the new role, token and end.
INSERT INTO drive_invitations (id, drive_id, email, role, invited_by, token_hash, expires_at)
VALUES (:id, :drive_id, :email, :role, :invited_by, :token_hash, :expires_at)
ON CONFLICT (drive_id, email) WHERE status = 'pending'
DO UPDATE SET role = excluded.role, token_hash = excluded.token_hash, expires_at = excluded.expires_at
RETURNING id, created_at;

-- name: accept_invitation :opt
-- Makes the invited user a member, and answers the invitation; None when it is not pending or has run out.
WITH answered AS (
  UPDATE drive_invitations
  SET status = 'accepted', responded_at = now()
  WHERE token_hash = :token_hash AND status = 'pending' AND expires_at > now()
  RETURNING drive_id, role, invited_by
)
INSERT INTO drive_members (drive_id, user_id, role, invited_by)
SELECT drive_id, :user_id, role, invited_by FROM answered
ON CONFLICT (drive_id, user_id) DO UPDATE SET role = greatest(drive_members.role, excluded.role)
RETURNING drive_id, role;

-- name: storage_of_drives :many
-- The bytes that each drive of an owner uses, and how much of its quota that is.
SELECT d.id, d.name, coalesce(sum(f.size_bytes), 0)::bigint AS used_bytes, d.storage_quota_bytes AS quota_bytes,
  count(f.id) AS file_count
FROM drives d
LEFT JOIN files f ON f.drive_id = d.id
WHERE d.owner_id = :owner_id
GROUP BY d.id
ORDER BY used_bytes DESC, d.id;

-- name: storage_by_media_type :many
-- The bytes of a drive by kind of file, with a row for all of them, whose kind is None.
SELECT split_part(f.media_type, '/', 1) AS kind, count(*) AS file_count, sum(f.size_bytes)::bigint AS used_bytes
FROM files f
WHERE f.drive_id = :drive_id
GROUP BY ROLLUP (split_part(f.media_type, '/', 1))
ORDER BY used_bytes DESC, kind;

-- name: pages_by_tag :many
-- How many live pages carry each tag of a drive, also those that none carries.
SELECT t.id, t.name, t.color, count(p.id) AS page_count
FROM tags t
LEFT JOIN page_tags pt ON pt.tag_id = t.id
LEFT JOIN pages p ON p.id = pt.page_id AND NOT p.is_trashed
WHERE t.drive_id = :drive_id
GROUP BY t.id
ORDER BY page_count DESC, t.name;

-- name: set_quotas :batch :exec
-- Sets the quota of each drive.
UPDATE drives SET storage_quota_bytes = :quota_bytes WHERE id = :drive_id;
