/** The directions that imports may take: deploy → services → libs, and services meet in libs/contracts alone. */
export default {
  forbidden: [
    {
      name: 'no-service-to-service',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'libs-import-no-service',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^(services|deploy)/' },
    },
    {
      name: 'base-libs-stand-alone',
      severity: 'error',
      from: { path: '^libs/(errors|config|personal-number|crypto)/src' },
      to: { path: '^libs/', pathNot: '^libs/(errors|$1)/' },
    },
    {
      name: 'contracts-import-only-the-certificate-model',
      severity: 'error',
      from: { path: '^libs/(contracts|certificate-model)/src' },
      to: { path: '^libs/', pathNot: '^libs/(contracts|certificate-model)/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'routes-do-not-touch-the-database',
      severity: 'error',
      from: { path: '-routes\\.ts$' },
      to: { path: ['node_modules/(kysely|pg|amqplib|pg-boss)/', '/database\\.ts$'] },
    },
    {
      name: 'models-are-pure',
      severity: 'error',
      from: { path: '^services/.*-model\\.ts$' },
      to: { path: ['node_modules/', '-(routes|repository|client|consumer)\\.ts$'] },
    },
    {
      name: 'testing-only-from-tests',
      severity: 'error',
      from: { path: '^(libs|services|deploy)/', pathNot: '/(test|bench)/|^libs/testing/' },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'pages-know-the-public-api-alone',
      severity: 'error',
      from: { path: '^deploy/local/web/' },
      to: { path: '^(libs|services|deploy)/', pathNot: '^(deploy/local/web|libs/gateway-client)/' },
    },
    {
      name: 'nothing-imports-main',
      severity: 'error',
      from: {},
      to: { path: '/main\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'default'],
      exportsFields: ['exports'],
    },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
}
