// An installation that people rely on: storage in three zones, no cold start, logs for three months, events and a webhook's secrets.
using 'main.bicep'

param environmentName = 'prod'
param storageSku = 'Standard_ZRS'
param maximumInstanceCount = 100
param alwaysReady = [
  {
    name: 'http'
    instanceCount: 1
  }
  {
    name: 'durable'
    instanceCount: 1
  }
]
param logRetentionDays = 90
param serviceBusEnabled = true
param keyVaultEnabled = true
