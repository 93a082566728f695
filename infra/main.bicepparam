// For azd: every value comes from its environment, `azd env set NAME value`. dev.bicepparam and prod.bicepparam are for az.
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'dev')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param storageSku = readEnvironmentVariable('ABM_STORAGE_SKU', 'Standard_LRS')
param instanceMemoryMB = int(readEnvironmentVariable('ABM_INSTANCE_MEMORY_MB', '2048'))
param maximumInstanceCount = int(readEnvironmentVariable('ABM_MAXIMUM_INSTANCES', '40'))
param alwaysReady = bool(readEnvironmentVariable('ABM_ALWAYS_READY', 'false')) ? [
  { name: 'http', instanceCount: 1 }
  { name: 'durable', instanceCount: 1 }
] : []
param logRetentionDays = int(readEnvironmentVariable('ABM_LOG_RETENTION_DAYS', '30'))
param logDailyLimitGb = int(readEnvironmentVariable('ABM_LOG_DAILY_LIMIT_GB', '1'))
param serviceBusEnabled = bool(readEnvironmentVariable('ABM_SERVICE_BUS', 'false'))
param keyVaultEnabled = bool(readEnvironmentVariable('ABM_KEY_VAULT', 'false'))
param webhookUrl = readEnvironmentVariable('ABM_WEBHOOK_URL', '')
param webhookPreviousSecret = bool(readEnvironmentVariable('ABM_WEBHOOK_PREVIOUS_SECRET', 'false'))
param eventSources = empty(readEnvironmentVariable('ABM_EVENT_SOURCES', '')) ? [] : split(readEnvironmentVariable('ABM_EVENT_SOURCES', ''), ',')
param eventSourcesChanging = empty(readEnvironmentVariable('ABM_EVENT_SOURCES_CHANGING', '')) ? [] : split(readEnvironmentVariable('ABM_EVENT_SOURCES_CHANGING', ''), ',')
