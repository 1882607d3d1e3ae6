-- Channels and chats: what was said, and what somebody has not read yet.

-- name: latest_messages :many
-- The latest messages of a channel, the newest first, with their authors; pages by the time and id of the last one.
SELECT m.id, m.content, m.created_at, m.edited_at, u AS author, reply.id AS reply_to_id, reply.content AS reply_to
FROM channel_messages m
LEFT JOIN users u ON u.id = m.author_id
LEFT JOIN channel_messages reply ON reply.id = m.reply_to_id
WHERE m.page_id = :page_id AND m.deleted_at IS NULL
  AND (:before::timestamptz IS NULL OR (m.created_at, m.id) < (:before, :before_id::text))
ORDER BY m.created_at DESC, m.id DESC
LIMIT :limit;

-- name: reactions_to_messages :many
-- The emoji under some messages, how often each was given, and whether by the user who asks.
SELECT r.message_id, r.emoji, count(*) AS reaction_count, bool_or(r.user_id = :user_id) AS is_mine
FROM message_reactions r
WHERE r.message_id = ANY (:message_ids)
GROUP BY r.message_id, r.emoji
ORDER BY r.message_id, reaction_count DESC, r.emoji;

-- name: unread_channels :many
-- The channels in which a user has something to read, the newest message first.
SELECT p.id, p.title, c.unread_count, c.newest_at
FROM channel_unread_counts c
JOIN pages p ON p.id = c.page_id
WHERE c.user_id = :user_id AND c.unread_count > 0 AND NOT p.is_trashed
ORDER BY c.newest_at DESC, p.id;

-- name: mark_read :exec
-- Moves the marker of a user forward, never back.
INSERT INTO read_markers (user_id, page_id, last_read_at) VALUES (:user_id, :page_id, :read_at)
ON CONFLICT (user_id, page_id)
DO UPDATE SET last_read_at = greatest(read_markers.last_read_at, excluded.last_read_at);

-- name: conversations_of_user :many
-- The chats of a user with the beginning of the last message of each, the latest first.
SELECT c.id, c.title, c.model, last.role AS last_role, left(last.content, 120) AS last_words,
  coalesce(last.created_at, c.created_at) AS active_at
FROM conversations c
LEFT JOIN LATERAL (
  SELECT m.role, m.content, m.created_at
  FROM chat_messages m
  WHERE m.conversation_id = c.id
  ORDER BY m.created_at DESC, m.id DESC
  LIMIT 1
) last ON true
WHERE c.user_id = :user_id
ORDER BY active_at DESC, c.id
LIMIT :limit;

-- name: usage_by_model :many
-- What the answers of each model have taken since a day.
SELECT c.model, count(*) AS answer_count, coalesce(sum((m.usage).input_tokens), 0) AS input_tokens,
  coalesce(sum((m.usage).output_tokens), 0) AS output_tokens, coalesce(sum((m.usage).cost_usd), 0) AS cost_usd
FROM chat_messages m
JOIN conversations c ON c.id = m.conversation_id
WHERE c.user_id = :user_id AND m.role = 'assistant' AND m.created_at >= :since
GROUP BY c.model
ORDER BY cost_usd DESC, c.model;
