/** The commands of tools that have their own word: CloudFormation, with CDK and SAM, and Pulumi. */
import { type CommandRow, type FlagRow, toggle, value, values } from './row.ts'

const REGION = value('region', 'region', 'The region; else AWS_REGION or AWS_DEFAULT_REGION')
const WITHOUT_ROLE = toggle(
  'without-role',
  'Take it that CloudFormation acts as whoever executes, where the stack has no service role',
)

/** `shared` are the flags of every run. */
export function toolRows(shared: readonly FlagRow[]): readonly CommandRow[] {
  return [
    {
      path: ['cfn', 'deploy'],
      takes: '',
      says: 'Make a change set, wait for what the rules ask, and execute exactly that change set',
      flags: [
        value('stack-name', 'name', 'The stack, made where it is not there; always needed'),
        value('template', 'file', 'The template; else cdk.out/<stack>.template.json'),
        value('template-url', 'url', 'A template in S3, which one above 51,200 bytes has to be'),
        values('parameter', 'key=value', 'A parameter; what is not given keeps the stack’s value'),
        value('parameters-file', 'file', 'Parameters as JSON, as the AWS command line takes them'),
        values('capabilities', 'capability', 'CAPABILITY_IAM, for example'),
        values('tag', 'key=value', 'A tag of the stack'),
        value(
          'role-arn',
          'arn',
          'The service role that CloudFormation acts as; stays with the stack',
        ),
        values('notification-arn', 'arn', 'A topic that is told of the stack’s events'),
        values('rollback-alarm', 'arn', 'An alarm that rolls the stack back'),
        value('monitoring-minutes', 'minutes', 'How long alarms are watched afterwards'),
        value('on-stack-failure', 'action', 'ROLLBACK, DELETE or DO_NOTHING'),
        REGION,
        WITHOUT_ROLE,
        ...shared,
      ],
      handsOn: false,
      load: () => import('./cfn-deploy.ts'),
    },
    {
      path: ['cfn', 'execute'],
      takes: '<change-set>',
      says: 'The same for a change set that is there, by its ARN; goes on with one that is held',
      flags: [WITHOUT_ROLE, ...shared],
      handsOn: false,
      load: () => import('./cfn-execute.ts'),
    },
    {
      path: ['pulumi', 'up'],
      takes: '',
      says: 'Preview with a saved plan, wait for what the rules ask, and update by exactly that plan',
      flags: [value('stack', 'name', 'The stack; always needed'), ...shared],
      handsOn: true,
      load: () => import('./pulumi-up.ts'),
    },
  ]
}
