// Drizzle on node-postgres. Reads {"work": ..., "calls": ...} a line and answers with the seconds that the calls took.
import { createInterface } from "node:readline";
import { asc, eq, inArray, relations, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { bigint, boolean, customType, doublePrecision, integer, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import pg from "pg";

const bytea = customType({ dataType: () => "bytea" });
const tsvector = customType({ dataType: () => "tsvector" });
const at = (name) => timestamp(name, { withTimezone: true });

const users = pgTable("users", {
  id: text("id").primaryKey(), name: text("name").notNull(), email: text("email").notNull(),
  emailVerifiedAt: at("email_verified_at"), passwordHash: text("password_hash"), role: text("role").notNull(),
  bio: text("bio"), avatarUrl: text("avatar_url"), timeZone: text("time_zone").notNull(),
  settings: jsonb("settings").notNull(), tokenVersion: integer("token_version").notNull(),
  suspendedAt: at("suspended_at"), createdAt: at("created_at").notNull(), updatedAt: at("updated_at").notNull(),
});
const refreshTokens = pgTable("refresh_tokens", {
  id: text("id").primaryKey(), userId: text("user_id").notNull(), tokenHash: bytea("token_hash").notNull(),
  replacedById: text("replaced_by_id"), device: text("device"), createdAt: at("created_at").notNull(),
  expiresAt: at("expires_at").notNull(), revokedAt: at("revoked_at"),
});
const drives = pgTable("drives", {
  id: text("id").primaryKey(), ownerId: text("owner_id").notNull(), name: text("name").notNull(),
  slug: text("slug").notNull(), description: text("description"), homePageId: text("home_page_id"),
  storageQuotaBytes: bigint("storage_quota_bytes", { mode: "number" }).notNull(), trashedAt: at("trashed_at"),
  isTrashed: boolean("is_trashed").notNull(), createdAt: at("created_at").notNull(),
  updatedAt: at("updated_at").notNull(),
});
const pages = pgTable("pages", {
  id: text("id").primaryKey(), driveId: text("drive_id").notNull(), parentId: text("parent_id"),
  kind: text("kind").notNull(), title: text("title").notNull(), content: jsonb("content").notNull(),
  plainText: text("plain_text").notNull(), position: doublePrecision("position").notNull(),
  revision: integer("revision").notNull(), fileId: text("file_id"), createdBy: text("created_by"),
  trashedAt: at("trashed_at"), isTrashed: boolean("is_trashed").notNull(), search: tsvector("search").notNull(),
  createdAt: at("created_at").notNull(), updatedAt: at("updated_at").notNull(),
});
const tags = pgTable("tags", {
  id: text("id").primaryKey(), driveId: text("drive_id").notNull(), name: text("name").notNull(),
  color: text("color").notNull().default("#6b7280"), createdAt: at("created_at").notNull().defaultNow(),
});
const schema = {
  users, refreshTokens, drives, pages, tags,
  ofUsers: relations(users, ({ many }) => ({ refreshTokens: many(refreshTokens), drives: many(drives) })),
  ofTokens: relations(refreshTokens, ({ one }) => ({
    user: one(users, { fields: [refreshTokens.userId], references: [users.id] }),
  })),
  ofDrives: relations(drives, ({ one, many }) => ({
    owner: one(users, { fields: [drives.ownerId], references: [users.id] }), pages: many(pages),
  })),
  ofPages: relations(pages, ({ one }) => ({
    drive: one(drives, { fields: [pages.driveId], references: [drives.id] }),
  })),
};

const settings = JSON.parse(process.argv[2]);
const pool = new pg.Pool({ ...settings.connection, max: 1 });
const db = drizzle(pool, { schema });
const families = settings.families;
let number = 0;
const nextUser = () => `u${(++number * 37) % settings.users + 1}`;
const kept = db.select().from(users).where(eq(users.id, sql.placeholder("id"))).prepare("user_by_id");
const rows = Array.from({ length: settings.inserted }, (_, n) => ({
  id: `bulk${n}`, driveId: "d1-1", name: `tag ${n}`, color: "#aabbcc", createdAt: new Date("2026-01-01T00:00:00Z"),
}));

const works = {
  "point lookup/plain": () => db.select().from(users).where(eq(users.id, nextUser())),
  "point lookup/prepared": () => kept.execute({ id: nextUser() }),
  "100 rows/plain": () => db.select().from(users).orderBy(asc(users.id)).limit(100),
  "10,000 rows/plain": () => db.select().from(users).orderBy(asc(users.id)).limit(settings.users),
  "relational load/findMany": () => db.query.users.findMany({
    where: inArray(users.id, families), with: { refreshTokens: true, drives: { with: { pages: true } } },
  }),
  "insert one, returning/plain": () =>
    db.insert(tags).values({ id: `drizzle${++number}`, driveId: "d1-1", name: `drizzle${number}` }).returning(),
  "insert 10,000/plain": async () => {
    await db.delete(tags);
    for (let start = 0; start < rows.length; start += 1000) await db.insert(tags).values(rows.slice(start, start + 1000));
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { work, calls } = JSON.parse(line);
  globalThis.gc?.();
  const cpu = process.cpuUsage();
  const wall = process.hrtime.bigint();
  for (let call = 0; call < calls; call++) await works[work]();
  const used = process.cpuUsage(cpu);
  const seconds = { cpu_s: (used.user + used.system) / 1e6, wall_s: Number(process.hrtime.bigint() - wall) / 1e9 };
  process.stdout.write(JSON.stringify(seconds) + "\n");
}
await pool.end();
