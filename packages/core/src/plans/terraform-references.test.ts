import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenEntry, givenPlan } from '../../../../test/fixtures/terraform-given.ts'
import { REFERENCES_MAX } from './references.ts'

type Fields = Readonly<Record<string, unknown>>

function entries(addresses: readonly string[], actions: readonly string[] = ['update']) {
  return addresses.map((address) => givenEntry({ actions }, { address }))
}

/** A resource of the configuration whose attributes read these. */
function resource(address: string, reads: Readonly<Record<string, readonly string[]>>, more = {}) {
  const expressions = Object.fromEntries(
    Object.entries(reads).map(([name, references]) => [name, { references }]),
  )
  return { address, expressions, ...more }
}

function edges(resources: readonly Fields[], root: Fields): readonly string[] {
  const plan = givenPlan({ resource_changes: resources, configuration: { root_module: root } })
  assert.equal(plan.referencesCut, false)
  return plan.references.map(({ from, to, attribute }) => `${from} -${attribute}-> ${to}`)
}

test('what an attribute reads is found once, without the tail of the reference', () => {
  const found = edges(entries(['aws_subnet.a', 'aws_vpc.main', 'data.aws_ami.x']), {
    resources: [
      resource('aws_subnet.a', {
        vpc_id: ['aws_vpc.main.id', 'aws_vpc.main'],
        cidr: ['var.cidr', 'local.x', 'path.module', 'aws_vpc.absent.id'],
        image: ['data.aws_ami.x.id', 'data.aws_ami.x'],
        self: ['aws_subnet.a.id', 'aws_subnet.a'],
      }),
      resource('aws_vpc.main', {}, { depends_on: ['data.aws_ami.x'] }),
    ],
  })

  assert.deepEqual(found, [
    'aws_subnet.a -vpc_id-> aws_vpc.main',
    'aws_subnet.a -image-> data.aws_ami.x',
    'aws_vpc.main -depends_on-> data.aws_ami.x',
  ])
})

test('blocks, repetition and provisioners read too', () => {
  const of = { references: ['aws_a.b.id', 'aws_a.b'] }
  const found = edges(entries(['aws_a.b', 'aws_x.y["k"]']), {
    resources: [
      {
        address: 'aws_x.y',
        expressions: { network: [{ inner: [{ subnets: of }] }], references: [{ references: of }] },
        for_each_expression: of,
        provisioners: [{ type: 'local-exec', expressions: { command: of } }],
      },
    ],
  })

  assert.deepEqual(found, [
    'aws_x.y["k"] -network-> aws_a.b',
    'aws_x.y["k"] -references-> aws_a.b',
    'aws_x.y["k"] -for_each-> aws_a.b',
    'aws_x.y["k"] -provisioner-> aws_a.b',
  ])
})

test('equal keys belong together, a named key is that one, and no key is all', () => {
  const found = edges(entries(['a_a.a[0]', 'a_a.a[1]', 'b_b.b[0]', 'b_b.b[1]', 'c_c.c', 'd_d.d']), {
    resources: [
      resource('a_a.a', { x: ['b_b.b'] }),
      resource('c_c.c', { all: ['b_b.b'] }),
      resource('d_d.d', { one: ['b_b.b[1].id', 'b_b.b[1]', 'b_b.b'] }),
    ],
  })

  assert.deepEqual(found, [
    'a_a.a[0] -x-> b_b.b[0]',
    'a_a.a[1] -x-> b_b.b[1]',
    'c_c.c -all-> b_b.b[0]',
    'c_c.c -all-> b_b.b[1]',
    'd_d.d -one-> b_b.b[1]',
  ])
})

test('a key without its counterpart reads them all', () => {
  const found = edges(entries(['a_a.a["x.y[0]"]', 'b_b.b["p"]', 'b_b.b["q"]']), {
    resources: [resource('a_a.a', { x: ['b_b.b'] })],
  })

  assert.deepEqual(found, ['a_a.a["x.y[0]"] -x-> b_b.b["p"]', 'a_a.a["x.y[0]"] -x-> b_b.b["q"]'])
})

test('a variable of a module leads to what its call gives, and an output into the module', () => {
  const call = {
    expressions: { vpc: { references: ['aws_vpc.main.id', 'aws_vpc.main'] } },
    module: {
      resources: [
        resource('aws_db.d', { vpc_id: ['var.vpc'], none: ['var.unset', 'module.no.x'] }),
      ],
      outputs: { arn: { expression: { references: ['aws_db.d.arn', 'aws_db.d'] } } },
    },
  }
  const found = edges(entries(['aws_vpc.main', 'module.db.aws_db.d', 'aws_app.a', 'aws_app.old']), {
    module_calls: { db: call },
    resources: [
      resource('aws_app.a', { arn: ['module.db.arn', 'module.db'] }),
      resource('aws_app.old', { any: ['module.db'] }),
    ],
  })

  assert.deepEqual(found, [
    'aws_app.a -arn-> module.db.aws_db.d',
    'aws_app.old -any-> module.db.aws_db.d',
    'module.db.aws_db.d -vpc_id-> aws_vpc.main',
  ])
})

test('instances of a module keep to themselves', () => {
  const resources = [resource('a_a.a', { b: ['b_b.b'], n: ['var.n'] }), resource('b_b.b', {})]
  const call = {
    for_each_expression: { references: ['z_z.z'] },
    expressions: { n: { references: ['each.value.id', 'each.value'] } },
    module: { resources, outputs: { o: { expression: { references: ['b_b.b.id', 'b_b.b'] } } } },
  }
  const keys = ['["x"]', '["y"]']
  const inside = keys.flatMap((key) => [`module.m${key}.a_a.a`, `module.m${key}.b_b.b`])
  const outside = [...keys.map((key) => `z_z.z${key}`), 'q_q.one', 'q_q.each["y"]']
  const found = edges(entries([...inside, ...outside]), {
    module_calls: { m: call },
    resources: [
      resource('q_q.one', { o: ['module.m["x"].o', 'module.m["x"]', 'module.m'] }),
      resource('q_q.each', { o: ['module.m', 'each.key'] }),
    ],
  })

  assert.deepEqual(found, [
    'q_q.one -o-> module.m["x"].b_b.b',
    'q_q.each["y"] -o-> module.m["y"].b_b.b',
    'module.m["x"].a_a.a -b-> module.m["x"].b_b.b',
    'module.m["y"].a_a.a -b-> module.m["y"].b_b.b',
    'module.m["x"].a_a.a -n-> z_z.z["x"]',
    'module.m["y"].a_a.a -n-> z_z.z["y"]',
  ])
})

test('a key that is named inside a module counts for who reads its output', () => {
  const output = (name: string) => ({ o: { expression: { references: [name] } } })
  const inner = { module: { resources: [resource('b_b.b', {})], outputs: output('b_b.b') } }
  const outer = { module: { module_calls: { n: inner }, outputs: output('module.n[1].o') } }
  const deep = ['module.m.module.n[0].b_b.b', 'module.m.module.n[1].b_b.b']
  const found = edges(entries(['a_a.a', ...deep]), {
    module_calls: { m: outer },
    resources: [resource('a_a.a', { x: ['module.m.o', 'module.m'] })],
  })

  assert.deepEqual(found, ['a_a.a -x-> module.m.module.n[1].b_b.b'])
})

test('what stays as it is reads only what changes', () => {
  const still = entries(['a_a.a', 'b_b.b'], ['no-op'])
  const found = edges([...still, ...entries(['c_c.c'], ['delete'])], {
    resources: [resource('a_a.a', { b: ['b_b.b'], c: ['c_c.c'] })],
  })

  assert.deepEqual(found, ['a_a.a -c-> c_c.c'])
})

test('a deposed object is nobody that is read', () => {
  const old = givenEntry({ actions: ['delete'] }, { address: 'b_b.b', deposed: '0a1b2c3d' })
  const found = edges([...entries(['a_a.a']), old], {
    resources: [resource('a_a.a', { b: ['b_b.b'] })],
  })

  assert.deepEqual(found, [])
})

test('beyond the bound the list stops, says so, and keeps what reads something destroyed', () => {
  const many = Array.from({ length: 200 }, (_, at) => `a_a.a["${at}"]`)
  const reads = resource('b_b.b', { all: ['a_a.a'] }, { depends_on: ['c_c.c'] })
  const readers = Array.from({ length: 100 }, (_, at) => `b_b.b[${at}]`)
  const plan = givenPlan({
    resource_changes: [...entries([...many, ...readers]), ...entries(['c_c.c'], ['delete'])],
    configuration: { root_module: { resources: [reads] } },
  })

  assert.equal(plan.references.length, REFERENCES_MAX)
  assert.equal(plan.referencesCut, true)
  assert.equal(plan.references.filter(({ to }) => to === 'c_c.c').length, readers.length)
})

test('circles, and chains without end, end', () => {
  const through = (name: string) => ({ expression: { references: [name] } })
  const circle = {
    expressions: { v: { references: ['module.m.o'] } },
    module: { resources: [resource('a_a.a', { v: ['var.v'] })], outputs: { o: through('var.v') } },
  }
  const found = edges(entries(['module.m.a_a.a', 'module.m.b_b.b']), {
    module_calls: { m: circle },
  })
  assert.deepEqual(found, [])

  const chain = Object.fromEntries(
    Array.from({ length: 3_000 }, (_, at) => [
      `m${at}`,
      {
        expressions: { v: { references: [`module.m${at + 1}.o`] } },
        module: { outputs: { o: through('var.v') } },
      },
    ]),
  )
  const plan = givenPlan({
    resource_changes: entries(['a_a.a']),
    configuration: {
      root_module: { module_calls: chain, resources: [resource('a_a.a', { v: ['module.m0.o'] })] },
    },
  })
  assert.deepEqual([plan.references, plan.referencesCut], [[], true])
})

test('ways that multiply have an end, and the list says that it is cut', () => {
  const names = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, at) => `${prefix}${at}`)
  const read = names('a_a.n', 1_000)
  const readers = names('b_b.n', 1_500)
  const inside = readers.map((name) => resource(name, { all: ['var.v'] }))
  const call = { expressions: { v: { references: read } }, module: { resources: inside } }
  const still = entries([...read, ...readers.map((name) => `module.m.${name}`)], ['no-op'])
  const plan = givenPlan({
    resource_changes: [...still, ...entries(['c_c.c'])],
    configuration: { root_module: { module_calls: { m: call } } },
  })

  assert.deepEqual([plan.references, plan.referencesCut], [[], true])
})

test('many reads of a module with many outputs that lead nowhere have an end too', () => {
  const many = Array.from({ length: 3_000 }, (_, at) => at)
  const outputs = Object.fromEntries(many.map((at) => [`o${at}`, { expression: {} }]))
  const read = Object.fromEntries(many.map((at) => [`a${at}`, { references: [`module.m[${at}]`] }]))
  const plan = givenPlan({
    resource_changes: entries(['t.x']),
    configuration: {
      root_module: {
        resources: [{ address: 't.x', expressions: read }],
        module_calls: { m: { module: { outputs } } },
      },
    },
  })

  assert.deepEqual([plan.references, plan.referencesCut], [[], true])
})
