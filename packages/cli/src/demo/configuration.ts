/** What the story plays with: a small shop in Terraform that needs no provider, and its rules. */

export const WORKSPACE = 'shop/dev'

export const POLICY = `version: 1
default: { hold: { approvals: [{ from: [team:platform] }] } }
rules:
  - name: additive-in-dev
    when: workspace.labels.env == "dev" && summary.only(["create", "read", "noop"])
    allow: true
  - name: destroys-something
    match: resource.action in ["delete", "replace"]
    hold:
      approvals:
        - { from: [team:dba] }
        - { from: [team:platform] }
    message: Destroys something that exists
`

/** mira requests, and belongs to platform too; ines is platform, jonas is dba, lars audits. */
export const PEOPLE = [
  { handle: 'mira', name: 'Mira Kovač', roles: ['requester', 'approver'], team: 'platform' },
  { handle: 'ines', name: 'Ines Duarte', roles: ['approver'], team: 'platform' },
  { handle: 'jonas', name: 'Jonas Weber', roles: ['approver'], team: 'dba' },
  { handle: 'lars', name: 'Lars Holm', roles: ['auditor'], team: null },
] as const

const ORDERS = `resource "terraform_data" "orders" {
  input = { queue = "orders", retention_days = 4 }
}
`

const LEDGER = `resource "terraform_data" "ledger" {
  input = { database = "ledger", size_gb = 500 }
}
`

const MIGRATION = `resource "terraform_data" "migration" {
  input = "2026-11"

  provisioner "local-exec" {
    command = "sh ./migrate.sh"
  }
}
`

export type Files = { readonly [name: string]: string }

/** Only creates: a rule lets it pass at once. */
export const ADDITIVE: Files = { 'main.tf': `${ORDERS}\n${LEDGER}` }

/** The ledger is gone from the configuration: it would be destroyed. */
export const DESTRUCTIVE: Files = { 'main.tf': ORDERS.replace('= 4', '= 14') }

/** Runs a script that is not in the plan at all. */
export const WITH_SCRIPT: Files = {
  'main.tf': `${ORDERS.replace('= 4', '= 14')}\n${MIGRATION}`,
  'migrate.sh': 'echo "migrating the ledger"\n',
}

export const TAMPERED_SCRIPT: Files = { 'migrate.sh': 'echo "and something nobody approved"\n' }
