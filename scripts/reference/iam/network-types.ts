/** Networks, machines, load balancers. AWS invents the ids here, and tags them when it makes them. */
import {
  encryptedBy,
  GIVES_KEY,
  type ResourceSpec,
  type TypeSpec,
  type TypeSpecs,
} from './type-spec.ts'

const OPENS = 'decides who reaches what'
const VPC = (attribute: string): ResourceSpec => ({ is: 'ec2/vpc', parts: { VpcId: attribute } })
const SUBNET = (attribute: string): ResourceSpec => {
  return { is: 'ec2/subnet', parts: { SubnetId: attribute } }
}
const GROUP = (attribute: string): ResourceSpec => {
  return { is: 'ec2/security-group', parts: { SecurityGroupId: attribute } }
}

/** Tags are given with the call that makes it, and afterwards only to itself. */
const TAGS = { tag: 'CreateTags DeleteTags' } as const
const made = (action: string): string => `${action} CreateTags?ec2:CreateAction=${action}`

export const NETWORK_TYPES: TypeSpecs = {
  aws_vpc: {
    ...VPC('!id'),
    ...TAGS,
    create: made('CreateVpc'),
    settle: 'ModifyVpcAttribute',
    read:
      'DescribeNetworkAcls DescribeRouteTables DescribeSecurityGroups DescribeVpcAttribute ' +
      'DescribeVpcs',
    update: 'ModifyVpcAttribute',
    delete: 'DeleteVpc',
  },
  aws_subnet: {
    ...SUBNET('!id'),
    ...TAGS,
    create: `${made('CreateSubnet')} CreateSubnet@vpc`,
    read: 'DescribeSubnets',
    update: 'ModifySubnetAttribute',
    delete: 'DeleteSubnet DescribeNetworkInterfaces',
    also: { vpc: VPC('vpc_id') },
    extras: [
      {
        attribute: 'map_public_ip_on_launch',
        value: true,
        computed: false,
        kinds: ['settle'],
        on: 'self',
        actions: ['ec2:ModifySubnetAttribute'],
      },
    ],
  },
  aws_internet_gateway: {
    is: 'ec2/internet-gateway',
    parts: { InternetGatewayId: '!id' },
    ...TAGS,
    create: made('CreateInternetGateway'),
    settle: 'AttachInternetGateway AttachInternetGateway@vpc',
    read: 'DescribeInternetGateways',
    update:
      'AttachInternetGateway AttachInternetGateway@vpc DetachInternetGateway ' +
      'DetachInternetGateway@vpc',
    delete: 'DeleteInternetGateway DetachInternetGateway DetachInternetGateway@vpc',
    also: { vpc: VPC('vpc_id') },
  },
  aws_route_table: {
    is: 'ec2/route-table',
    parts: { RouteTableId: '!id' },
    ...TAGS,
    create: `${made('CreateRouteTable')} CreateRouteTable@vpc`,
    read: 'DescribeRouteTables',
    update: 'CreateRoute DeleteRoute ReplaceRoute',
    delete: 'DeleteRouteTable DisassociateRouteTable',
    also: { vpc: VPC('vpc_id') },
    extras: [
      {
        attribute: 'route',
        value: null,
        computed: false,
        kinds: ['settle'],
        on: 'self',
        actions: ['ec2:CreateRoute'],
      },
    ],
  },
  aws_route: {
    is: 'ec2/route-table',
    parts: { RouteTableId: 'route_table_id' },
    exact: [],
    create: 'CreateRoute',
    read: 'DescribeRouteTables',
    update: 'ReplaceRoute',
    delete: 'DeleteRoute',
  },
  aws_route_table_association: {
    is: 'ec2/route-table',
    parts: { RouteTableId: 'route_table_id' },
    exact: [],
    create: 'AssociateRouteTable AssociateRouteTable@subnet',
    read: 'DescribeRouteTables',
    update: 'ReplaceRouteTableAssociation ReplaceRouteTableAssociation@subnet',
    delete: 'DisassociateRouteTable DisassociateRouteTable@subnet',
    also: { subnet: SUBNET('subnet_id') },
  },
  aws_security_group: {
    ...GROUP('!id'),
    ...TAGS,
    create: `${made('CreateSecurityGroup')} CreateSecurityGroup@vpc`,
    settle: 'AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress RevokeSecurityGroupEgress',
    read: 'DescribeSecurityGroups',
    update:
      'AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress RevokeSecurityGroupEgress ' +
      'RevokeSecurityGroupIngress UpdateSecurityGroupRuleDescriptionsEgress ' +
      'UpdateSecurityGroupRuleDescriptionsIngress',
    delete: 'DeleteSecurityGroup DescribeNetworkInterfaces',
    also: { vpc: VPC('vpc_id') },
    privileged: OPENS,
  },
  aws_security_group_rule: groupRule(
    'AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress',
    'RevokeSecurityGroupEgress RevokeSecurityGroupIngress',
  ),
  aws_vpc_security_group_ingress_rule: groupRule(
    'AuthorizeSecurityGroupIngress',
    'RevokeSecurityGroupIngress',
  ),
  aws_vpc_security_group_egress_rule: groupRule(
    'AuthorizeSecurityGroupEgress',
    'RevokeSecurityGroupEgress',
  ),
  aws_eip: {
    is: 'ec2/elastic-ip',
    parts: { AllocationId: '!id' },
    ...TAGS,
    create: made('AllocateAddress'),
    read: 'DescribeAddresses DescribeAddressesAttribute',
    update: 'AssociateAddress DisassociateAddress',
    delete: 'DisassociateAddress ReleaseAddress',
  },
  aws_nat_gateway: {
    is: 'ec2/natgateway',
    parts: { NatGatewayId: '!id' },
    ...TAGS,
    create: `${made('CreateNatGateway')} CreateNatGateway@address CreateNatGateway@subnet`,
    read: 'DescribeNatGateways',
    delete: 'DeleteNatGateway',
    also: {
      address: { is: 'ec2/elastic-ip', parts: { AllocationId: 'allocation_id' } },
      subnet: SUBNET('subnet_id'),
    },
  },
  aws_ebs_volume: {
    is: 'ec2/volume',
    parts: { VolumeId: '!id' },
    ...TAGS,
    create: made('CreateVolume'),
    read: 'DescribeVolumes',
    update: 'ModifyVolume',
    delete: 'DeleteVolume',
    extras: [encryptedBy('kms_key_id', ...GIVES_KEY)],
  },
  aws_key_pair: {
    is: 'ec2/key-pair',
    parts: { KeyPairName: 'key_name' },
    ...TAGS,
    create: made('ImportKeyPair'),
    read: 'DescribeKeyPairs',
    delete: 'DeleteKeyPair',
    privileged: { create: 'lets whoever has the key in' },
  },
  aws_launch_template: {
    is: 'ec2/launch-template',
    parts: { LaunchTemplateId: '!id' },
    ...TAGS,
    create: made('CreateLaunchTemplate'),
    read: 'DescribeLaunchTemplateVersions DescribeLaunchTemplates',
    update: 'CreateLaunchTemplateVersion ModifyLaunchTemplate',
    delete: 'DeleteLaunchTemplate',
    privileged: { create: 'says what new machines run', update: 'says what new machines run' },
  },
  aws_vpc_dhcp_options: {
    is: 'ec2/dhcp-options',
    parts: { DhcpOptionsId: '!id' },
    ...TAGS,
    create: made('CreateDhcpOptions'),
    read: 'DescribeDhcpOptions',
    delete: 'DeleteDhcpOptions DescribeVpcs',
  },
  aws_lb_target_group: {
    is: 'elasticloadbalancing/targetgroup',
    parts: { TargetGroupName: 'name', TargetGroupId: '!id:last' },
    create: 'AddTags! CreateTargetGroup',
    settle: 'ModifyTargetGroupAttributes',
    read: 'DescribeTags DescribeTargetGroupAttributes DescribeTargetGroups',
    update: 'ModifyTargetGroup ModifyTargetGroupAttributes',
    tag: 'AddTags! RemoveTags!',
    delete: 'DeleteTargetGroup',
  },
  aws_instance: {
    is: 'ec2/instance',
    parts: { InstanceId: '!id' },
    ...TAGS,
    create:
      `${made('RunInstances')} RunInstances@image RunInstances@interfaces RunInstances@subnet ` +
      'RunInstances@volumes',
    read:
      'DescribeIamInstanceProfileAssociations DescribeInstanceAttribute ' +
      'DescribeInstanceCreditSpecifications DescribeInstanceTypes DescribeInstances ' +
      'DescribeTags DescribeVolumes DescribeVpcs',
    update: 'ModifyInstanceAttribute StartInstances StopInstances',
    // Protection against stopping and ending is taken away first.
    delete: 'ModifyInstanceAttribute TerminateInstances',
    also: {
      image: { is: 'ec2/image', parts: { ImageId: 'ami' } },
      interfaces: { is: 'ec2/network-interface', parts: { NetworkInterfaceId: '*' } },
      subnet: SUBNET('subnet_id'),
      volumes: { is: 'ec2/volume', parts: { VolumeId: '*' } },
    },
    privileged: { create: 'runs code on a machine', update: 'runs code on a machine' },
  },
}

function groupRule(authorize: string, revoke: string): TypeSpec {
  return {
    ...GROUP('security_group_id'),
    exact: [],
    create: authorize,
    read: 'DescribeSecurityGroupRules DescribeSecurityGroups',
    update: `${authorize} ${revoke}`,
    delete: revoke,
    privileged: OPENS,
  }
}
