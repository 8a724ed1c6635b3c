/**
 * A plan of any size, written as Terraform writes one: members in the order of their names, values
 * that are decided at apply left out and marked in the mask beside them.
 */
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'

const PIECE_CHARACTERS = 1_000_000

export async function writePlan(file: string, changes: number): Promise<void> {
  const out = createWriteStream(file)
  let piece = '{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":['
  for (let index = 0; index < changes; index += 1) {
    piece += `${index === 0 ? '' : ','}${JSON.stringify(entry(index))}`
    if (piece.length < PIECE_CHARACTERS) continue
    if (!out.write(piece)) await once(out, 'drain')
    piece = ''
  }
  out.end(`${piece}],"configuration":{"root_module":{}}}\n`)
  await finished(out)
}

function entry(index: number): object {
  const module = `module.fleet[${index % 100}]`
  return {
    address: `${module}.aws_instance.host[${index}]`,
    module_address: module,
    mode: 'managed',
    type: 'aws_instance',
    name: 'host',
    index,
    provider_name: 'registry.terraform.io/hashicorp/aws',
    change: change(index),
  }
}

/** One in ten is updated, some are replaced or deleted, most are created. */
function change(index: number): object {
  const actions = actionsOf(index)
  const isCreated = actions[0] === 'create'
  const after = instance(index)
  const known = { id: `i-${padded(index)}`, instance_type: 'm5.large' }
  return {
    actions,
    before: isCreated ? null : sorted({ ...after, ...known }),
    after: actions.join() === 'delete' ? null : sorted(isCreated ? after : { ...after, ...known }),
    after_unknown: isCreated ? UNKNOWN : {},
    before_sensitive: isCreated ? false : { root_block_device: [{ tags: {} }], tags: {} },
    after_sensitive: {
      root_block_device: [{ tags: {} }],
      tags: {},
      vpc_security_group_ids: [false, false],
    },
  }
}

const UNKNOWN = {
  arn: true,
  id: true,
  primary_network_interface_id: true,
  root_block_device: [{ device_name: true, tags: {}, volume_id: true }],
  tags: {},
  vpc_security_group_ids: [false, false],
}

function actionsOf(index: number): readonly string[] {
  if (index % 10 === 0) return ['update']
  if (index % 17 === 0) return ['delete', 'create']
  return index % 23 === 0 ? ['delete'] : ['create']
}

function instance(index: number): object {
  return {
    ami: `ami-${padded(index * 7919)}`,
    associate_public_ip_address: false,
    availability_zone: `eu-central-1${'abc'.charAt(index % 3)}`,
    cpu_core_count: null,
    disable_api_termination: index % 5 === 0,
    ebs_optimized: true,
    get_password_data: false,
    hibernation: null,
    iam_instance_profile: `app-${index % 40}`,
    instance_type: `m6i.${['large', 'xlarge', '2xlarge'][index % 3] ?? 'large'}`,
    key_name: 'ops',
    monitoring: true,
    private_ip: `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`,
    root_block_device: [
      {
        delete_on_termination: true,
        encrypted: true,
        iops: 3000,
        kms_key_id:
          'arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-4e5f-6789-abcd-ef0123456789',
        tags: {},
        throughput: 125,
        volume_size: 100 + (index % 50),
        volume_type: 'gp3',
      },
    ],
    source_dest_check: true,
    subnet_id: `subnet-${padded(index % 64)}`,
    tags: { Environment: 'prod', Name: `host-${index}`, Team: 'payments' },
    user_data_replace_on_change: false,
    vpc_security_group_ids: ['sg-0123456789abcdef0', 'sg-0fedcba9876543210'],
  }
}

function padded(number: number): string {
  return number.toString(16).padStart(17, '0')
}

function sorted(map: object): object {
  return Object.fromEntries(
    Object.entries(map).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  )
}
