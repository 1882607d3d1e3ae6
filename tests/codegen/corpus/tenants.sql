-- Multi-tenant with row security; every key begins with the tenant.
CREATE TABLE tenants (id uuid PRIMARY KEY, name text NOT NULL);
CREATE TABLE accounts (tenant_id uuid REFERENCES tenants, id uuid, email text NOT NULL, PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, email));
CREATE TABLE projects (tenant_id uuid REFERENCES tenants, id uuid, owner_id uuid, lead_id uuid NOT NULL, PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, owner_id) REFERENCES accounts, FOREIGN KEY (tenant_id, lead_id) REFERENCES accounts);
CREATE TABLE project_members (tenant_id uuid, project_id uuid, account_id uuid, PRIMARY KEY (tenant_id, project_id, account_id),
  FOREIGN KEY (tenant_id, project_id) REFERENCES projects, FOREIGN KEY (tenant_id, account_id) REFERENCES accounts);
ALTER TABLE projects ENABLE ROW LEVEL SECURITY;
ALTER TABLE projects FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON projects USING (tenant_id = current_setting('app.tenant')::uuid);
