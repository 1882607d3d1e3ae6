-- Accounts, notifications and what happens in the background.

-- name: user_by_email :opt
-- The account to sign in to.
SELECT * FROM users WHERE email = :email AND suspended_at IS NULL;

-- name: session_of_token :opt
-- The session that a cookie stands for, and whose it is; the time of its use is noted.
UPDATE sessions s
SET last_seen_at = now()
FROM users u
WHERE s.token_hash = :token_hash AND s.expires_at > now() AND u.id = s.user_id AND u.suspended_at IS NULL
RETURNING s.id AS session_id, u AS user;

-- name: unread_notifications :many
-- What a user has not read yet, the newest first, with who did it and where.
SELECT n.id, n.kind, n.payload, n.created_at, actor.name AS actor_name, p.title AS page_title
FROM notifications n
LEFT JOIN users actor ON actor.id = n.actor_id
LEFT JOIN pages p ON p.id = n.page_id
WHERE n.user_id = :user_id AND n.read_at IS NULL
ORDER BY n.created_at DESC, n.id
LIMIT :limit;

-- name: mark_notifications_read :execrows
UPDATE notifications SET read_at = now() WHERE user_id = :user_id AND read_at IS NULL AND created_at <= :until;

-- name: take_due_deliveries :many
-- Takes deliveries that are due for one worker; others skip them until they are tried again.
WITH due AS (
  SELECT w.id FROM webhook_deliveries w
  WHERE w.status = 'pending' AND w.next_attempt_at <= now()
  ORDER BY w.next_attempt_at
  LIMIT :limit
  FOR UPDATE SKIP LOCKED
)
UPDATE webhook_deliveries d
SET attempts = attempts + 1, next_attempt_at = now() + interval '1 minute' * 2 ^ least(d.attempts, 10)
FROM due, webhooks h
WHERE d.id = due.id AND h.id = d.webhook_id
RETURNING d.id, d.event, d.payload, d.attempts, h.url, h.secret;

-- name: hit_rate_limit :one
-- Counts a request in its window, and returns how many there were.
INSERT INTO rate_limits (key, window_start, expires_at)
VALUES (:key, :window_start, :expires_at)
ON CONFLICT (key, window_start) DO UPDATE SET hits = rate_limits.hits + 1
RETURNING hits;

-- name: activity_by_day :many
-- What happened in a drive, by day and kind.
SELECT date_trunc('day', l.occurred_at) AS day, l.action, count(*) AS action_count,
  count(DISTINCT l.actor_id) AS people_count
FROM activity_log l
WHERE l.drive_id = :drive_id AND l.occurred_at >= :since AND l.occurred_at < :until
GROUP BY 1, l.action
ORDER BY day, l.action;

-- name: activity_of_drive :stream
-- Everything that happened in a drive since a time, the oldest first, however much that is.
SELECT l.id, l.occurred_at, l.action, l.subject, l.subject_id, u.name AS actor_name
FROM activity_log l
LEFT JOIN users u ON u.id = l.actor_id
WHERE l.drive_id = :drive_id AND l.occurred_at >= :since
ORDER BY l.occurred_at, l.id;
