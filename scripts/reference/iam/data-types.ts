/** Data sources that Terraform puts off until apply: settings only, nothing that is stored. */
import type { TypeSpec, TypeSpecs } from './type-spec.ts'

/** Told by the provider itself, or by what needs no permission. */
const ASKS_NOTHING: TypeSpec = { is: 'sts/role', parts: {} }

const reads = (is: string, read: string): TypeSpec => ({ is, parts: {}, exact: [], read })

export const DATA_TYPES: TypeSpecs = {
  'data.aws_caller_identity': ASKS_NOTHING,
  'data.aws_iam_policy_document': ASKS_NOTHING,
  'data.aws_partition': ASKS_NOTHING,
  'data.aws_region': ASKS_NOTHING,
  'data.aws_ami': reads('ec2/image', 'DescribeImages'),
  'data.aws_availability_zones': reads('ec2/vpc', 'DescribeAvailabilityZones'),
  'data.aws_subnets': reads('ec2/subnet', 'DescribeSubnets'),
  'data.aws_subnet': reads('ec2/subnet', 'DescribeSubnets'),
  'data.aws_vpc': reads('ec2/vpc', 'DescribeRouteTables DescribeVpcAttribute DescribeVpcs'),
}
