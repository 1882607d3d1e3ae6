-- migrate:up

CREATE EXTENSION IF NOT EXISTS btree_gist;  -- text and range together in one exclusion constraint
CREATE EXTENSION IF NOT EXISTS pg_trgm;     -- substring search in titles through an index


-- Types ---------------------------------------------------------------------------------------------------------------

CREATE DOMAIN email_address AS text
  CONSTRAINT email_address_has_one_at CHECK (VALUE ~ '^[^@[:space:]]+@[^@[:space:]]+$')
  CONSTRAINT email_address_is_lower_case CHECK (VALUE = lower(VALUE))
  CONSTRAINT email_address_fits CHECK (char_length(VALUE) <= 320);
COMMENT ON DOMAIN email_address IS 'An e-mail address in lower case, so that equal addresses are equal text.';

CREATE DOMAIN slug AS text
  CONSTRAINT slug_is_url_safe CHECK (VALUE ~ '^[a-z0-9]+(-[a-z0-9]+)*$')
  CONSTRAINT slug_fits CHECK (char_length(VALUE) <= 64);
COMMENT ON DOMAIN slug IS 'A name that can stand in a URL: lower-case words and digits joined by single hyphens.';

CREATE TYPE user_role AS ENUM ('user', 'admin');
CREATE TYPE verification_purpose AS ENUM ('verify_email', 'change_email', 'reset_password', 'magic_link');
CREATE TYPE api_scope AS ENUM ('pages:read', 'pages:write', 'chat:read', 'chat:write', 'files:read', 'files:write');

CREATE TYPE drive_role AS ENUM ('viewer', 'editor', 'admin', 'owner');
COMMENT ON TYPE drive_role IS 'What somebody may do in a whole drive, weakest first: role >= ''editor'' may write.';

CREATE TYPE invitation_status AS ENUM ('pending', 'accepted', 'declined', 'revoked');
CREATE TYPE page_kind AS ENUM ('folder', 'document', 'channel', 'ai_chat', 'canvas', 'file', 'sheet');

CREATE TYPE page_access AS ENUM ('view', 'comment', 'edit', 'manage');
COMMENT ON TYPE page_access IS 'What somebody may do with one page, weakest first.';

CREATE TYPE storage_event_kind AS ENUM ('upload', 'copy', 'delete', 'restore');
CREATE TYPE message_role AS ENUM ('system', 'user', 'assistant', 'tool');

CREATE TYPE token_usage AS (
  input_tokens  integer,
  output_tokens integer,
  cost_usd      numeric(12, 6)
);
COMMENT ON TYPE token_usage IS 'What one answer of a language model took.';

CREATE TYPE task_status AS ENUM ('todo', 'in_progress', 'blocked', 'done');
CREATE TYPE task_priority AS ENUM ('low', 'medium', 'high', 'urgent');
CREATE TYPE event_status AS ENUM ('tentative', 'confirmed', 'cancelled');

CREATE TYPE notification_kind AS ENUM (
  'mention', 'reply', 'page_shared', 'drive_invitation', 'task_assigned', 'task_due', 'event_reminder'
);
CREATE TYPE webhook_event AS ENUM (
  'page.created', 'page.updated', 'page.trashed', 'message.created', 'task.completed', 'member.joined'
);
CREATE TYPE delivery_status AS ENUM ('pending', 'delivered', 'failed');
CREATE TYPE activity_action AS ENUM (
  'created', 'updated', 'moved', 'trashed', 'restored', 'deleted', 'shared', 'joined', 'left'
);


-- Functions -----------------------------------------------------------------------------------------------------------

CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION set_updated_at() IS 'Row trigger: stamps a changed row with the time of its transaction.';

CREATE FUNCTION refuse_page_cycle() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  -- Two moves that are each harmless can close a cycle together, so moves within a drive take turns. That is enough
  -- under READ COMMITTED, where the query below sees what the other move has committed.
  PERFORM FROM drives WHERE id = NEW.drive_id FOR NO KEY UPDATE;
  IF EXISTS (
    WITH RECURSIVE ancestors AS (
      SELECT id, parent_id FROM pages WHERE id = NEW.parent_id
      UNION
      SELECT p.id, p.parent_id FROM pages p JOIN ancestors a ON p.id = a.parent_id
    )
    SELECT FROM ancestors WHERE id = NEW.id
  ) THEN
    RAISE EXCEPTION 'page % cannot be moved below itself', NEW.id
      USING ERRCODE = 'check_violation', TABLE = 'pages', CONSTRAINT = 'pages_form_a_tree';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION refuse_page_cycle() IS 'Row trigger of pages: a page is never moved below one of its descendants.';


-- Auth: who somebody is -----------------------------------------------------------------------------------------------

CREATE TABLE users (
  id                text          PRIMARY KEY,
  name              text          NOT NULL,
  email             email_address NOT NULL UNIQUE,
  email_verified_at timestamptz,
  password_hash     text,
  role              user_role     NOT NULL DEFAULT 'user',
  bio               text,
  avatar_url        text,
  time_zone         text          NOT NULL DEFAULT 'UTC',
  settings          jsonb         NOT NULL DEFAULT '{}',
  token_version     integer       NOT NULL DEFAULT 0,
  suspended_at      timestamptz,
  created_at        timestamptz   NOT NULL DEFAULT now(),
  updated_at        timestamptz   NOT NULL DEFAULT now(),
  CONSTRAINT users_name_not_blank CHECK (btrim(name) <> ''),
  CONSTRAINT users_settings_is_object CHECK (jsonb_typeof(settings) = 'object')
);
COMMENT ON TABLE users IS 'People, and the account `system`, in whose name scheduled work is done.';
COMMENT ON COLUMN users.password_hash IS 'Argon2id in PHC format; NULL for those who only use magic links.';
COMMENT ON COLUMN users.settings IS 'Preferences of the interface: theme, density, shortcuts.';
COMMENT ON COLUMN users.token_version IS 'Raised to invalidate every token that was issued before.';

CREATE TRIGGER users_set_updated_at BEFORE UPDATE ON users
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

CREATE TABLE refresh_tokens (
  id             text        PRIMARY KEY,
  user_id        text        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  token_hash     bytea       NOT NULL UNIQUE,
  replaced_by_id text        REFERENCES refresh_tokens (id) ON DELETE SET NULL,
  device         text,
  created_at     timestamptz NOT NULL DEFAULT now(),
  expires_at     timestamptz NOT NULL,
  revoked_at     timestamptz,
  CONSTRAINT refresh_tokens_token_hash_is_sha256 CHECK (octet_length(token_hash) = 32),
  CONSTRAINT refresh_tokens_expires_later CHECK (expires_at > created_at),
  CONSTRAINT refresh_tokens_replaced_by_another CHECK (replaced_by_id <> id)
);
COMMENT ON TABLE refresh_tokens IS 'Long-lived tokens that are exchanged for access tokens and replaced at every use.';
COMMENT ON COLUMN refresh_tokens.replaced_by_id IS 'The next token of the chain; use of a replaced token means theft.';

CREATE INDEX refresh_tokens_user_id_idx ON refresh_tokens (user_id);
CREATE INDEX refresh_tokens_replaced_by_id_idx ON refresh_tokens (replaced_by_id) WHERE replaced_by_id IS NOT NULL;
CREATE INDEX refresh_tokens_expires_at_idx ON refresh_tokens (expires_at);

CREATE TABLE sessions (
  id           text        PRIMARY KEY,
  user_id      text        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  token_hash   bytea       NOT NULL UNIQUE,
  ip_address   inet,
  user_agent   text,
  created_at   timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz NOT NULL,
  CONSTRAINT sessions_token_hash_is_sha256 CHECK (octet_length(token_hash) = 32),
  CONSTRAINT sessions_expires_later CHECK (expires_at > created_at)
);
COMMENT ON TABLE sessions IS 'Signed-in browsers, each known by the cookie it holds.';

CREATE INDEX sessions_user_id_last_seen_at_idx ON sessions (user_id, last_seen_at DESC);
CREATE INDEX sessions_expires_at_idx ON sessions (expires_at);

CREATE TABLE verification_tokens (
  id         text                 PRIMARY KEY,
  user_id    text                 NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  purpose    verification_purpose NOT NULL,
  sent_to    email_address        NOT NULL,
  token_hash bytea                NOT NULL UNIQUE,
  created_at timestamptz          NOT NULL DEFAULT now(),
  expires_at timestamptz          NOT NULL,
  used_at    timestamptz,
  CONSTRAINT verification_tokens_token_hash_is_sha256 CHECK (octet_length(token_hash) = 32),
  CONSTRAINT verification_tokens_expires_later CHECK (expires_at > created_at)
);
COMMENT ON TABLE verification_tokens IS 'Single-use links sent by e-mail.';

CREATE INDEX verification_tokens_user_id_idx ON verification_tokens (user_id);
CREATE UNIQUE INDEX verification_tokens_one_unused_key ON verification_tokens (user_id, purpose) WHERE used_at IS NULL;
COMMENT ON INDEX verification_tokens_one_unused_key IS 'A new link of a purpose replaces the one sent before.';

CREATE TABLE api_tokens (
  id           text        PRIMARY KEY,
  user_id      text        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name         text        NOT NULL,
  prefix       text        NOT NULL,
  token_hash   bytea       NOT NULL UNIQUE,
  scopes       api_scope[] NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz,
  expires_at   timestamptz,
  revoked_at   timestamptz,
  UNIQUE (user_id, name),
  CONSTRAINT api_tokens_name_fits CHECK (char_length(name) BETWEEN 1 AND 100),
  CONSTRAINT api_tokens_token_hash_is_sha256 CHECK (octet_length(token_hash) = 32),
  CONSTRAINT api_tokens_scopes_not_empty CHECK (cardinality(scopes) > 0),
  CONSTRAINT api_tokens_expires_later CHECK (expires_at > created_at)
);
COMMENT ON TABLE api_tokens IS 'Keys for programs that act in the name of a user.';
COMMENT ON COLUMN api_tokens.prefix IS 'The first characters of the key, by which its owner recognises it.';


-- Workspace: drives and their trees of pages --------------------------------------------------------------------------

CREATE TABLE drives (
  id                  text        PRIMARY KEY,
  owner_id            text        NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
  name                text        NOT NULL,
  slug                slug        NOT NULL,
  description         text,
  home_page_id        text,
  storage_quota_bytes bigint      NOT NULL DEFAULT 5368709120,
  trashed_at          timestamptz,
  is_trashed          boolean     NOT NULL GENERATED ALWAYS AS (trashed_at IS NOT NULL) STORED,
  created_at          timestamptz NOT NULL DEFAULT now(),
  updated_at          timestamptz NOT NULL DEFAULT now(),
  UNIQUE (owner_id, slug),
  CONSTRAINT drives_name_not_blank CHECK (btrim(name) <> ''),
  CONSTRAINT drives_storage_quota_not_negative CHECK (storage_quota_bytes >= 0)
);
COMMENT ON TABLE drives IS 'Workspaces. Whoever owns one must hand it over before the account can be deleted.';
COMMENT ON COLUMN drives.home_page_id IS 'The page shown on entering the drive.';

CREATE TRIGGER drives_set_updated_at BEFORE UPDATE ON drives
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

CREATE TABLE drive_members (
  drive_id   text        NOT NULL REFERENCES drives (id) ON DELETE CASCADE,
  user_id    text        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role       drive_role  NOT NULL DEFAULT 'editor',
  invited_by text        REFERENCES users (id) ON DELETE SET NULL,
  joined_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (drive_id, user_id),
  CONSTRAINT drive_members_owner_is_on_the_drive CHECK (role <> 'owner')
);
COMMENT ON TABLE drive_members IS 'Who works in a drive besides its owner; the view drive_access has both.';

CREATE INDEX drive_members_user_id_idx ON drive_members (user_id) INCLUDE (drive_id, role);
CREATE INDEX drive_members_invited_by_idx ON drive_members (invited_by) WHERE invited_by IS NOT NULL;

CREATE TABLE drive_invitations (
  id           text              PRIMARY KEY,
  drive_id     text              NOT NULL REFERENCES drives (id) ON DELETE CASCADE,
  email        email_address     NOT NULL,
  role         drive_role        NOT NULL DEFAULT 'editor',
  status       invitation_status NOT NULL DEFAULT 'pending',
  invited_by   text              REFERENCES users (id) ON DELETE SET NULL,
  token_hash   bytea             NOT NULL UNIQUE,
  created_at   timestamptz       NOT NULL DEFAULT now(),
  expires_at   timestamptz       NOT NULL,
  responded_at timestamptz,
  CONSTRAINT drive_invitations_owner_is_not_offered CHECK (role <> 'owner'),
  CONSTRAINT drive_invitations_token_hash_is_sha256 CHECK (octet_length(token_hash) = 32),
  CONSTRAINT drive_invitations_expires_later CHECK (expires_at > created_at),
  CONSTRAINT drive_invitations_answer_has_a_time CHECK (
    (status IN ('accepted', 'declined')) = (responded_at IS NOT NULL)
  )
);
COMMENT ON TABLE drive_invitations IS 'Invitations by e-mail, also of people who have no account yet.';

CREATE INDEX drive_invitations_drive_id_idx ON drive_invitations (drive_id);
CREATE UNIQUE INDEX drive_invitations_one_pending_key ON drive_invitations (drive_id, email) WHERE status = 'pending';
CREATE INDEX drive_invitations_email_idx ON drive_invitations (email) WHERE status = 'pending';
CREATE INDEX drive_invitations_invited_by_idx ON drive_invitations (invited_by) WHERE invited_by IS NOT NULL;

CREATE TABLE pages (
  id         text             PRIMARY KEY,
  drive_id   text             NOT NULL REFERENCES drives (id) ON DELETE CASCADE,
  parent_id  text,
  kind       page_kind        NOT NULL,
  title      text             NOT NULL,
  content    jsonb            NOT NULL DEFAULT '{}',
  plain_text text             NOT NULL DEFAULT '',
  position   double precision NOT NULL DEFAULT 0,
  revision   integer          NOT NULL DEFAULT 1,
  file_id    text,
  created_by text             REFERENCES users (id) ON DELETE SET NULL,
  trashed_at timestamptz,
  is_trashed boolean          NOT NULL GENERATED ALWAYS AS (trashed_at IS NOT NULL) STORED,
  search     tsvector         NOT NULL GENERATED ALWAYS AS (
    setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', left(plain_text, 100000)), 'B')
  ) STORED,
  created_at timestamptz      NOT NULL DEFAULT now(),
  updated_at timestamptz      NOT NULL DEFAULT now(),
  UNIQUE (drive_id, id),
  CONSTRAINT pages_parent_in_same_drive FOREIGN KEY (drive_id, parent_id) REFERENCES pages (drive_id, id)
    ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT pages_parent_is_another CHECK (parent_id <> id),
  CONSTRAINT pages_title_fits CHECK (char_length(title) BETWEEN 1 AND 500),
  CONSTRAINT pages_revision_positive CHECK (revision > 0),
  CONSTRAINT pages_file_has_a_file CHECK ((kind = 'file') = (file_id IS NOT NULL))
);
COMMENT ON TABLE pages IS
  'Everything that stands in a drive''s tree: folders, documents, channels, AI chats, canvases, files, sheets.';
COMMENT ON COLUMN pages.parent_id IS 'The page this one stands in, of the same drive; NULL at the top of the tree.';
COMMENT ON COLUMN pages.content IS 'The page as its editor keeps it; what it holds depends on kind.';
COMMENT ON COLUMN pages.plain_text IS 'What a reader sees of content, without markup; written together with it.';
COMMENT ON COLUMN pages.position IS 'Order among siblings; a page dropped between two others gets their mean.';
COMMENT ON COLUMN pages.revision IS 'Counts saves; an editor that saves on top of another revision is refused.';
COMMENT ON COLUMN pages.search IS 'Title (weight A) and text (weight B); a tsvector is limited to 1 MB, hence the cut.';
COMMENT ON CONSTRAINT pages_parent_in_same_drive ON pages IS
  'A page moved to another drive takes its whole subtree along: the cascade changes drive_id of its descendants.';

-- NO ACTION, deferred: a drive and its home page are made, and go, in one transaction.
ALTER TABLE drives ADD CONSTRAINT drives_home_page_is_its_own
  FOREIGN KEY (id, home_page_id) REFERENCES pages (drive_id, id) ON DELETE NO ACTION DEFERRABLE INITIALLY DEFERRED;

CREATE INDEX pages_tree_idx ON pages (drive_id, parent_id, position);
CREATE INDEX pages_recent_idx ON pages (drive_id, updated_at DESC) INCLUDE (title, kind) WHERE NOT is_trashed;
CREATE INDEX pages_trash_idx ON pages (drive_id, trashed_at DESC) WHERE is_trashed;
CREATE INDEX pages_created_by_idx ON pages (created_by);
CREATE INDEX pages_file_id_idx ON pages (file_id) WHERE file_id IS NOT NULL;
CREATE INDEX pages_search_idx ON pages USING gin (search);
CREATE INDEX pages_title_trgm_idx ON pages USING gin (lower(title) gin_trgm_ops);

CREATE TRIGGER pages_set_updated_at BEFORE UPDATE ON pages
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER pages_refuse_cycle BEFORE UPDATE OF parent_id ON pages
  FOR EACH ROW WHEN (NEW.parent_id IS DISTINCT FROM OLD.parent_id AND NEW.parent_id IS NOT NULL)
  EXECUTE FUNCTION refuse_page_cycle();

CREATE TABLE page_versions (
  page_id    text        NOT NULL REFERENCES pages (id) ON DELETE CASCADE,
  revision   integer     NOT NULL,
  title      text        NOT NULL,
  content    jsonb       NOT NULL,
  label      text,
  created_by text        REFERENCES users (id) ON DELETE SET NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (page_id, revision),
  CONSTRAINT page_versions_revision_positive CHECK (revision > 0)
);
COMMENT ON TABLE page_versions IS 'What a page was at an earlier revision.';
COMMENT ON COLUMN page_versions.label IS 'A name that somebody gave; labelled versions are never pruned.';

CREATE INDEX page_versions_created_by_idx ON page_versions (created_by);
CREATE INDEX page_versions_prunable_idx ON page_versions (created_at) WHERE label IS NULL;

CREATE TABLE tags (
  id         text        PRIMARY KEY,
  drive_id   text        NOT NULL REFERENCES drives (id) ON DELETE CASCADE,
  name       text        NOT NULL,
  color      text        NOT NULL DEFAULT '#6b7280',
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (drive_id, id),
  CONSTRAINT tags_name_fits CHECK (char_length(name) BETWEEN 1 AND 64),
  CONSTRAINT tags_color_is_hex CHECK (color ~ '^#[0-9a-f]{6}$')
);
COMMENT ON TABLE tags IS 'Labels of a drive.';

CREATE UNIQUE INDEX tags_name_key ON tags (drive_id, lower(name));
COMMENT ON INDEX tags_name_key IS 'Tags that differ only in case would be one to the eye.';

CREATE TABLE page_tags (
  page_id    text        NOT NULL,
  tag_id     text        NOT NULL,
  drive_id   text        NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (page_id, tag_id),
  CONSTRAINT page_tags_page_in_drive FOREIGN KEY (drive_id, page_id) REFERENCES pages (drive_id, id) ON DELETE CASCADE,
  CONSTRAINT page_tags_tag_in_drive FOREIGN KEY (drive_id, tag_id) REFERENCES tags (drive_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE page_tags IS 'Which tags a page has.';
COMMENT ON COLUMN page_tags.drive_id IS 'The drive of both: a page never has a tag of another drive.';

CREATE INDEX page_tags_tag_id_idx ON page_tags (tag_id);

CREATE TABLE favorites (
  user_id    text             NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  page_id    text             NOT NULL REFERENCES pages (id) ON DELETE CASCADE,
  position   double precision NOT NULL DEFAULT 0,
  created_at timestamptz      NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, page_id)
);
COMMENT ON TABLE favorites IS 'Pages that somebody keeps at hand, in an order of their own.';

CREATE INDEX favorites_page_id_idx ON favorites (page_id);

CREATE TABLE page_permissions (
  page_id    text        NOT NULL REFERENCES pages (id) ON DELETE CASCADE,
  user_id    text        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  access     page_access NOT NULL,
  granted_by text        REFERENCES users (id) ON DELETE SET NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  PRIMARY KEY (page_id, user_id),
  CONSTRAINT page_permissions_expires_later CHECK (expires_at > created_at)
);
COMMENT ON TABLE page_permissions IS
  'What somebody may do with one page and all below it, beyond their role in the drive.';

CREATE INDEX page_permissions_user_id_idx ON page_permissions (user_id) INCLUDE (page_id, access, expires_at);
CREATE INDEX page_permissions_granted_by_idx ON page_permissions (granted_by) WHERE granted_by IS NOT NULL;


-- Files: bytes that live in the object store --------------------------------------------------------------------------

CREATE TABLE files (
  id          text        PRIMARY KEY,
  drive_id    text        NOT NULL REFERENCES drives (id) ON DELETE CASCADE,
  uploaded_by text        REFERENCES users (id) ON DELETE SET NULL,
  name        text        NOT NULL,
  media_type  text        NOT NULL DEFAULT 'application/octet-stream',
  size_bytes  bigint      NOT NULL,
  sha256      bytea       NOT NULL,
  storage_key text        NOT NULL UNIQUE,
  metadata    jsonb       NOT NULL DEFAULT '{}',
  created_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT files_size_not_negative CHECK (size_bytes >= 0),
  CONSTRAINT files_sha256_is_32_bytes CHECK (octet_length(sha256) = 32)
);
COMMENT ON TABLE files IS 'Uploaded files; their bytes are in the object store under storage_key.';
COMMENT ON COLUMN files.metadata IS 'What was read from the bytes: image size, page count, duration.';

CREATE INDEX files_drive_id_sha256_idx ON files (drive_id, sha256);
CREATE INDEX files_uploaded_by_idx ON files (uploaded_by);

-- NO ACTION, not RESTRICT: it is checked when the statement ends, so that deleting a drive takes pages and files alike.
ALTER TABLE pages ADD CONSTRAINT pages_file_id_fkey FOREIGN KEY (file_id) REFERENCES files (id) ON DELETE NO ACTION;

CREATE TABLE storage_events (
  id          bigint             PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  drive_id    text               REFERENCES drives (id) ON DELETE SET NULL,
  file_id     text               REFERENCES files (id) ON DELETE SET NULL,
  actor_id    text               NOT NULL DEFAULT 'system' REFERENCES users (id) ON DELETE SET DEFAULT,
  kind        storage_event_kind NOT NULL,
  delta_bytes bigint             NOT NULL,
  occurred_at timestamptz        NOT NULL DEFAULT now(),
  CONSTRAINT storage_events_sign_fits_kind CHECK (
    CASE kind WHEN 'delete' THEN delta_bytes <= 0 ELSE delta_bytes >= 0 END
  )
);
COMMENT ON TABLE storage_events IS
  'The account book of storage: rows are added, never changed, and outlive what they tell of.';
COMMENT ON COLUMN storage_events.actor_id IS
  'Who did it: the account `system` for scheduled work, and in place of accounts that are gone.';

CREATE INDEX storage_events_drive_id_idx ON storage_events (drive_id) INCLUDE (delta_bytes);
CREATE INDEX storage_events_file_id_idx ON storage_events (file_id) WHERE file_id IS NOT NULL;
CREATE INDEX storage_events_actor_id_idx ON storage_events (actor_id);
CREATE INDEX storage_events_occurred_at_idx ON storage_events USING brin (occurred_at);


-- Conversation: with models in chats, with people in channels ---------------------------------------------------------

CREATE TABLE conversations (
  id              text        PRIMARY KEY,
  user_id         text        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  page_id         text        REFERENCES pages (id) ON DELETE CASCADE,
  title           text        NOT NULL DEFAULT 'New conversation',
  model           text        NOT NULL,
  enabled_tools   text[]      NOT NULL DEFAULT '{}',
  last_message_at timestamptz,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE conversations IS 'Threads between somebody and a language model.';
COMMENT ON COLUMN conversations.page_id IS 'The AI chat it belongs to; NULL in the assistant of the whole workspace.';
COMMENT ON COLUMN conversations.enabled_tools IS 'Names of the tools that the model may call.';

CREATE INDEX conversations_user_id_last_message_at_idx ON conversations (user_id, last_message_at DESC NULLS LAST);
CREATE INDEX conversations_page_id_idx ON conversations (page_id);

CREATE TRIGGER conversations_set_updated_at BEFORE UPDATE ON conversations
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

CREATE TABLE chat_messages (
  id              text         PRIMARY KEY,
  conversation_id text         NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  role            message_role NOT NULL,
  author_id       text         REFERENCES users (id) ON DELETE SET NULL,
  content         text         NOT NULL DEFAULT '',
  tool_calls      jsonb        NOT NULL DEFAULT '[]',
  usage           token_usage,
  created_at      timestamptz  NOT NULL DEFAULT now(),
  edited_at       timestamptz,
  CONSTRAINT chat_messages_tool_calls_is_array CHECK (jsonb_typeof(tool_calls) = 'array'),
  CONSTRAINT chat_messages_only_users_have_an_author CHECK (author_id IS NULL OR role = 'user'),
  CONSTRAINT chat_messages_only_models_use_tokens CHECK (usage IS NULL OR role = 'assistant')
);
COMMENT ON TABLE chat_messages IS 'Messages of a conversation, by its user, its model and the tools.';
COMMENT ON COLUMN chat_messages.tool_calls IS
  'Calls of this message in order: [{"id", "name", "arguments", "result"}].';
COMMENT ON COLUMN chat_messages.usage IS 'NULL for messages that no model wrote.';

CREATE INDEX chat_messages_conversation_id_created_at_idx ON chat_messages (conversation_id, created_at, id);
CREATE INDEX chat_messages_author_id_idx ON chat_messages (author_id) WHERE author_id IS NOT NULL;
CREATE INDEX chat_messages_tool_calls_idx ON chat_messages USING gin (tool_calls jsonb_path_ops);

CREATE TABLE channel_messages (
  id          text        PRIMARY KEY,
  page_id     text        NOT NULL REFERENCES pages (id) ON DELETE CASCADE,
  reply_to_id text,
  author_id   text        REFERENCES users (id) ON DELETE SET NULL,
  content     text        NOT NULL,
  file_id     text        REFERENCES files (id) ON DELETE SET NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  edited_at   timestamptz,
  deleted_at  timestamptz,
  UNIQUE (page_id, id),
  CONSTRAINT channel_messages_reply_in_same_channel FOREIGN KEY (page_id, reply_to_id)
    REFERENCES channel_messages (page_id, id) ON DELETE CASCADE,
  CONSTRAINT channel_messages_reply_to_another CHECK (reply_to_id <> id),
  CONSTRAINT channel_messages_content_fits CHECK (char_length(content) <= 40000)
);
COMMENT ON TABLE channel_messages IS 'Messages that people write to each other in a channel.';
COMMENT ON COLUMN channel_messages.page_id IS 'The channel, a page of that kind.';
COMMENT ON COLUMN channel_messages.reply_to_id IS 'The message that began the thread, in the same channel.';
COMMENT ON COLUMN channel_messages.author_id IS 'NULL when the account is gone.';
COMMENT ON COLUMN channel_messages.deleted_at IS 'Deleted messages keep their place, so that threads stay whole.';

CREATE INDEX channel_messages_page_id_created_at_idx ON channel_messages (page_id, created_at DESC, id DESC);
CREATE INDEX channel_messages_unread_idx ON channel_messages (page_id, created_at) INCLUDE (author_id)
  WHERE deleted_at IS NULL;
CREATE INDEX channel_messages_reply_to_idx ON channel_messages (page_id, reply_to_id) WHERE reply_to_id IS NOT NULL;
CREATE INDEX channel_messages_author_id_idx ON channel_messages (author_id);
CREATE INDEX channel_messages_file_id_idx ON channel_messages (file_id) WHERE file_id IS NOT NULL;

CREATE TABLE message_reactions (
  message_id text        NOT NULL REFERENCES channel_messages (id) ON DELETE CASCADE,
  user_id    text        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  emoji      text        NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (message_id, user_id, emoji),
  CONSTRAINT message_reactions_emoji_fits CHECK (char_length(emoji) BETWEEN 1 AND 32)
);
COMMENT ON TABLE message_reactions IS 'Emoji under messages: each at most once by each person.';

CREATE INDEX message_reactions_user_id_idx ON message_reactions (user_id);

CREATE TABLE read_markers (
  user_id      text        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  page_id      text        NOT NULL REFERENCES pages (id) ON DELETE CASCADE,
  last_read_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, page_id)
);
COMMENT ON TABLE read_markers IS 'How far somebody has read in a channel.';

CREATE INDEX read_markers_page_id_idx ON read_markers (page_id);

CREATE TABLE mentions (
  id                text        PRIMARY KEY,
  source_page_id    text        NOT NULL REFERENCES pages (id) ON DELETE CASCADE,
  source_message_id text        REFERENCES channel_messages (id) ON DELETE CASCADE,
  target_user_id    text        REFERENCES users (id) ON DELETE CASCADE,
  target_page_id    text        REFERENCES pages (id) ON DELETE CASCADE,
  created_by        text        REFERENCES users (id) ON DELETE SET NULL,
  created_at        timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT mentions_one_target CHECK (num_nonnulls(target_user_id, target_page_id) = 1)
);
COMMENT ON TABLE mentions IS 'Links from the text of a page or of a message to a person or to a page.';
COMMENT ON COLUMN mentions.source_message_id IS
  'The message of the channel source_page_id; NULL when the page itself mentions.';

CREATE INDEX mentions_source_page_id_idx ON mentions (source_page_id);
CREATE INDEX mentions_source_message_id_idx ON mentions (source_message_id) WHERE source_message_id IS NOT NULL;
CREATE UNIQUE INDEX mentions_user_key ON mentions (target_user_id, source_page_id, (coalesce(source_message_id, '')))
  WHERE target_user_id IS NOT NULL;
CREATE UNIQUE INDEX mentions_page_key ON mentions (target_page_id, source_page_id, (coalesce(source_message_id, '')))
  WHERE target_page_id IS NOT NULL;
CREATE INDEX mentions_created_by_idx ON mentions (created_by);


-- Work: tasks and time ------------------------------------------------------------------------------------------------

CREATE TABLE task_lists (
  id          text             PRIMARY KEY,
  drive_id    text             NOT NULL REFERENCES drives (id) ON DELETE CASCADE,
  page_id     text             REFERENCES pages (id) ON DELETE SET NULL,
  title       text             NOT NULL,
  position    double precision NOT NULL DEFAULT 0,
  created_by  text             REFERENCES users (id) ON DELETE SET NULL,
  archived_at timestamptz,
  created_at  timestamptz      NOT NULL DEFAULT now(),
  updated_at  timestamptz      NOT NULL DEFAULT now(),
  CONSTRAINT task_lists_title_not_blank CHECK (btrim(title) <> '')
);
COMMENT ON TABLE task_lists IS 'Lists of tasks of a drive.';
COMMENT ON COLUMN task_lists.page_id IS 'The page that shows the list, when one does.';

CREATE INDEX task_lists_drive_id_position_idx ON task_lists (drive_id, position);
CREATE INDEX task_lists_page_id_idx ON task_lists (page_id) WHERE page_id IS NOT NULL;
CREATE INDEX task_lists_created_by_idx ON task_lists (created_by);

CREATE TRIGGER task_lists_set_updated_at BEFORE UPDATE ON task_lists
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

CREATE TABLE tasks (
  id           text             PRIMARY KEY,
  list_id      text             NOT NULL REFERENCES task_lists (id) ON DELETE CASCADE,
  parent_id    text,
  title        text             NOT NULL,
  description  text,
  status       task_status      NOT NULL DEFAULT 'todo',
  priority     task_priority    NOT NULL DEFAULT 'medium',
  labels       text[]           NOT NULL DEFAULT '{}',
  assignee_id  text             REFERENCES users (id) ON DELETE SET NULL,
  due_on       date,
  estimate     interval,
  position     double precision NOT NULL DEFAULT 0,
  created_by   text             REFERENCES users (id) ON DELETE SET NULL,
  completed_at timestamptz,
  created_at   timestamptz      NOT NULL DEFAULT now(),
  updated_at   timestamptz      NOT NULL DEFAULT now(),
  UNIQUE (list_id, id),
  CONSTRAINT tasks_parent_in_same_list FOREIGN KEY (list_id, parent_id) REFERENCES tasks (list_id, id)
    ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT tasks_parent_is_another CHECK (parent_id <> id),
  CONSTRAINT tasks_title_fits CHECK (char_length(title) BETWEEN 1 AND 500),
  CONSTRAINT tasks_estimate_positive CHECK (estimate > interval '0'),
  CONSTRAINT tasks_done_has_a_time CHECK ((status = 'done') = (completed_at IS NOT NULL))
);
COMMENT ON TABLE tasks IS 'Things to do, with sub-tasks.';
COMMENT ON COLUMN tasks.parent_id IS 'The task this one is a part of, in the same list.';
COMMENT ON COLUMN tasks.estimate IS 'Working time, not days on the calendar.';

CREATE INDEX tasks_list_id_position_idx ON tasks (list_id, position);
CREATE INDEX tasks_parent_idx ON tasks (list_id, parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX tasks_assignee_id_idx ON tasks (assignee_id);
CREATE INDEX tasks_open_idx ON tasks (assignee_id, due_on) INCLUDE (title, priority) WHERE status <> 'done';
CREATE INDEX tasks_labels_idx ON tasks USING gin (labels);
CREATE INDEX tasks_created_by_idx ON tasks (created_by);

CREATE TRIGGER tasks_set_updated_at BEFORE UPDATE ON tasks
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

CREATE TABLE calendar_events (
  id           text         PRIMARY KEY,
  drive_id     text         NOT NULL REFERENCES drives (id) ON DELETE CASCADE,
  page_id      text         REFERENCES pages (id) ON DELETE SET NULL,
  title        text         NOT NULL,
  during       tstzrange    NOT NULL,
  room         text,
  status       event_status NOT NULL DEFAULT 'confirmed',
  guests       text[]       NOT NULL DEFAULT '{}',
  organizer_id text         REFERENCES users (id) ON DELETE SET NULL,
  created_at   timestamptz  NOT NULL DEFAULT now(),
  updated_at   timestamptz  NOT NULL DEFAULT now(),
  CONSTRAINT calendar_events_title_not_blank CHECK (btrim(title) <> ''),
  CONSTRAINT calendar_events_room_fits CHECK (char_length(room) BETWEEN 1 AND 100),
  CONSTRAINT calendar_events_during_has_an_end CHECK (
    NOT isempty(during) AND lower_inc(during) AND NOT upper_inc(during)
    AND NOT lower_inf(during) AND NOT upper_inf(during)
  ),
  CONSTRAINT calendar_events_no_double_booking EXCLUDE USING gist (drive_id WITH =, room WITH =, during WITH &&)
    WHERE (room IS NOT NULL AND status <> 'cancelled')
);
COMMENT ON TABLE calendar_events IS 'Meetings and appointments of a drive.';
COMMENT ON COLUMN calendar_events.page_id IS 'The page with agenda and notes.';
COMMENT ON COLUMN calendar_events.during IS 'From its start up to, but not including, its end: [start, end).';
COMMENT ON COLUMN calendar_events.room IS 'The room it takes; no room of a drive is taken twice at one time.';
COMMENT ON COLUMN calendar_events.guests IS 'E-mail addresses of people without an account.';

CREATE INDEX calendar_events_drive_id_during_idx ON calendar_events USING gist (drive_id, during);
CREATE INDEX calendar_events_page_id_idx ON calendar_events (page_id) WHERE page_id IS NOT NULL;
CREATE INDEX calendar_events_organizer_id_idx ON calendar_events (organizer_id);

CREATE TRIGGER calendar_events_set_updated_at BEFORE UPDATE ON calendar_events
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();


-- System: what the application tells, and what it remembers -----------------------------------------------------------

CREATE TABLE notifications (
  id         text              PRIMARY KEY,
  user_id    text              NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  kind       notification_kind NOT NULL,
  actor_id   text              REFERENCES users (id) ON DELETE SET NULL,
  drive_id   text              REFERENCES drives (id) ON DELETE CASCADE,
  page_id    text              REFERENCES pages (id) ON DELETE CASCADE,
  payload    jsonb             NOT NULL DEFAULT '{}',
  read_at    timestamptz,
  created_at timestamptz       NOT NULL DEFAULT now()
);
COMMENT ON TABLE notifications IS 'What somebody is told.';
COMMENT ON COLUMN notifications.actor_id IS 'Whose deed it was; NULL for the system and for accounts that are gone.';
COMMENT ON COLUMN notifications.payload IS 'What the text needs besides the references, by kind.';

CREATE INDEX notifications_user_id_created_at_idx ON notifications (user_id, created_at DESC);
CREATE INDEX notifications_unread_idx ON notifications (user_id, created_at DESC) WHERE read_at IS NULL;
CREATE INDEX notifications_actor_id_idx ON notifications (actor_id) WHERE actor_id IS NOT NULL;
CREATE INDEX notifications_drive_id_idx ON notifications (drive_id) WHERE drive_id IS NOT NULL;
CREATE INDEX notifications_page_id_idx ON notifications (page_id) WHERE page_id IS NOT NULL;

CREATE TABLE webhooks (
  id         text            PRIMARY KEY,
  drive_id   text            NOT NULL REFERENCES drives (id) ON DELETE CASCADE,
  url        text            NOT NULL,
  secret     text            NOT NULL,
  events     webhook_event[] NOT NULL,
  is_active  boolean         NOT NULL DEFAULT true,
  created_by text            REFERENCES users (id) ON DELETE SET NULL,
  created_at timestamptz     NOT NULL DEFAULT now(),
  updated_at timestamptz     NOT NULL DEFAULT now(),
  UNIQUE (drive_id, url),
  CONSTRAINT webhooks_url_is_https CHECK (url ~ '^https://' AND char_length(url) <= 2000),
  CONSTRAINT webhooks_events_not_empty CHECK (cardinality(events) > 0)
);
COMMENT ON TABLE webhooks IS 'Addresses that are told of events in a drive.';
COMMENT ON COLUMN webhooks.secret IS 'Signs every delivery; encrypted by the application.';

CREATE INDEX webhooks_created_by_idx ON webhooks (created_by);

CREATE TRIGGER webhooks_set_updated_at BEFORE UPDATE ON webhooks
  FOR EACH ROW EXECUTE FUNCTION set_updated_at();

CREATE TABLE webhook_deliveries (
  id              text            PRIMARY KEY,
  webhook_id      text            NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
  event           webhook_event   NOT NULL,
  payload         jsonb           NOT NULL,
  status          delivery_status NOT NULL DEFAULT 'pending',
  attempts        smallint        NOT NULL DEFAULT 0,
  next_attempt_at timestamptz     DEFAULT now(),
  response_status smallint,
  error           text,
  created_at      timestamptz     NOT NULL DEFAULT now(),
  delivered_at    timestamptz,
  CONSTRAINT webhook_deliveries_attempts_not_negative CHECK (attempts >= 0),
  CONSTRAINT webhook_deliveries_response_status_is_http CHECK (response_status BETWEEN 100 AND 599),
  CONSTRAINT webhook_deliveries_pending_has_a_next_attempt CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL)),
  CONSTRAINT webhook_deliveries_delivered_has_a_time CHECK ((status = 'delivered') = (delivered_at IS NOT NULL))
);
COMMENT ON TABLE webhook_deliveries IS
  'The queue and the history of deliveries; workers take due rows with SKIP LOCKED.';

CREATE INDEX webhook_deliveries_webhook_id_created_at_idx ON webhook_deliveries (webhook_id, created_at DESC);
CREATE INDEX webhook_deliveries_due_idx ON webhook_deliveries (next_attempt_at) WHERE status = 'pending';

CREATE TABLE activity_log (
  id          bigint          NOT NULL GENERATED ALWAYS AS IDENTITY,
  occurred_at timestamptz     NOT NULL DEFAULT now(),
  action      activity_action NOT NULL,
  drive_id    text            REFERENCES drives (id) ON DELETE CASCADE,
  actor_id    text            REFERENCES users (id) ON DELETE SET NULL,
  subject     text            NOT NULL,
  subject_id  text            NOT NULL,
  changes     jsonb           NOT NULL DEFAULT '{}',
  ip_address  inet,
  PRIMARY KEY (occurred_at, id)
) PARTITION BY RANGE (occurred_at);
COMMENT ON TABLE activity_log IS
  'Who did what and when, one partition a month: an old month is dropped, not deleted from.';
COMMENT ON COLUMN activity_log.subject IS
  'The table of the row that was acted on, which may be gone by now; hence no reference.';
COMMENT ON COLUMN activity_log.changes IS 'Changed columns: {"column": [before, after]}.';

-- Bounds carry their offset, or they would depend on the TimeZone of the session that creates them.
CREATE TABLE activity_log_2026_10 PARTITION OF activity_log
  FOR VALUES FROM ('2026-10-01 00:00:00+00') TO ('2026-11-01 00:00:00+00');
CREATE TABLE activity_log_2026_11 PARTITION OF activity_log
  FOR VALUES FROM ('2026-11-01 00:00:00+00') TO ('2026-12-01 00:00:00+00');
CREATE TABLE activity_log_2026_12 PARTITION OF activity_log
  FOR VALUES FROM ('2026-12-01 00:00:00+00') TO ('2027-01-01 00:00:00+00');
CREATE TABLE activity_log_default PARTITION OF activity_log DEFAULT;
COMMENT ON TABLE activity_log_default IS
  'Catches what has no month yet, so that nothing is ever refused; empty when all is well.';

CREATE INDEX activity_log_drive_id_idx ON activity_log (drive_id, occurred_at DESC);
CREATE INDEX activity_log_actor_id_idx ON activity_log (actor_id, occurred_at DESC);
CREATE INDEX activity_log_subject_idx ON activity_log (subject_id, occurred_at DESC);

CREATE UNLOGGED TABLE rate_limits (
  key          text        NOT NULL,
  window_start timestamptz NOT NULL,
  hits         integer     NOT NULL DEFAULT 1,
  expires_at   timestamptz NOT NULL,
  PRIMARY KEY (key, window_start),
  CONSTRAINT rate_limits_key_fits CHECK (char_length(key) <= 512),
  CONSTRAINT rate_limits_hits_positive CHECK (hits > 0),
  CONSTRAINT rate_limits_expires_later CHECK (expires_at > window_start)
);
COMMENT ON TABLE rate_limits IS
  'Counters of requests per key and window. Unlogged: after a crash they start at nothing, which is harmless.';
COMMENT ON COLUMN rate_limits.key IS 'What is limited and by whom, such as login:203.0.113.7.';

CREATE INDEX rate_limits_expires_at_idx ON rate_limits (expires_at);


-- Views ---------------------------------------------------------------------------------------------------------------

CREATE VIEW drive_access AS
  SELECT d.id AS drive_id, d.owner_id AS user_id, 'owner'::drive_role AS role, d.created_at AS since
    FROM drives d
  UNION ALL
  SELECT m.drive_id, m.user_id, m.role, m.joined_at
    FROM drive_members m
    JOIN drives d ON d.id = m.drive_id AND d.owner_id <> m.user_id;
COMMENT ON VIEW drive_access IS
  'Everybody who can enter a drive, with the role they have in it: one row for each pair.';

CREATE VIEW channel_unread_counts AS
  SELECT r.user_id, r.page_id, unread.unread_count, unread.newest_at
    FROM read_markers r
   CROSS JOIN LATERAL (
     SELECT count(*) AS unread_count, max(m.created_at) AS newest_at
       FROM channel_messages m
      WHERE m.page_id = r.page_id
        AND m.created_at > r.last_read_at
        AND m.deleted_at IS NULL
        AND m.author_id IS DISTINCT FROM r.user_id
   ) AS unread;
COMMENT ON VIEW channel_unread_counts IS
  'How many messages by others somebody has not read, for each channel they ever opened.';

CREATE MATERIALIZED VIEW drive_statistics AS
  SELECT d.id AS drive_id,
         (SELECT count(*) FROM pages p WHERE p.drive_id = d.id AND NOT p.is_trashed) AS page_count,
         (SELECT count(*) FROM drive_access a WHERE a.drive_id = d.id) AS member_count,
         (SELECT coalesce(sum(e.delta_bytes), 0)::bigint
            FROM storage_events e WHERE e.drive_id = d.id) AS storage_bytes,
         (SELECT max(p.updated_at) FROM pages p WHERE p.drive_id = d.id) AS last_change_at
    FROM drives d;
COMMENT ON MATERIALIZED VIEW drive_statistics IS
  'Numbers for the list of drives; refreshed CONCURRENTLY every few minutes.';

CREATE UNIQUE INDEX drive_statistics_drive_id_key ON drive_statistics (drive_id);


-- migrate:down

DROP MATERIALIZED VIEW drive_statistics;
DROP VIEW channel_unread_counts;
DROP VIEW drive_access;

DROP TABLE rate_limits;
DROP TABLE activity_log;
DROP TABLE webhook_deliveries;
DROP TABLE webhooks;
DROP TABLE notifications;

DROP TABLE calendar_events;
DROP TABLE tasks;
DROP TABLE task_lists;

DROP TABLE mentions;
DROP TABLE read_markers;
DROP TABLE message_reactions;
DROP TABLE channel_messages;
DROP TABLE chat_messages;
DROP TABLE conversations;

DROP TABLE storage_events;
ALTER TABLE pages DROP CONSTRAINT pages_file_id_fkey;
DROP TABLE files;

DROP TABLE page_permissions;
DROP TABLE favorites;
DROP TABLE page_tags;
DROP TABLE tags;
DROP TABLE page_versions;
ALTER TABLE drives DROP CONSTRAINT drives_home_page_is_its_own;
DROP TABLE pages;
DROP TABLE drive_invitations;
DROP TABLE drive_members;
DROP TABLE drives;

DROP TABLE api_tokens;
DROP TABLE verification_tokens;
DROP TABLE sessions;
DROP TABLE refresh_tokens;
DROP TABLE users;

DROP FUNCTION refuse_page_cycle();
DROP FUNCTION set_updated_at();

DROP TYPE activity_action;
DROP TYPE delivery_status;
DROP TYPE webhook_event;
DROP TYPE notification_kind;
DROP TYPE event_status;
DROP TYPE task_priority;
DROP TYPE task_status;
DROP TYPE token_usage;
DROP TYPE message_role;
DROP TYPE storage_event_kind;
DROP TYPE page_access;
DROP TYPE page_kind;
DROP TYPE invitation_status;
DROP TYPE drive_role;
DROP TYPE api_scope;
DROP TYPE verification_purpose;
DROP TYPE user_role;
DROP DOMAIN slug;
DROP DOMAIN email_address;

DROP EXTENSION pg_trgm;
DROP EXTENSION btree_gist;
