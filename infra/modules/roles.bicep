// Every right the app has: built-in roles, each on the smallest thing that it is needed for. There are no keys.

@description('Resource id of the identity, part of the names of the assignments.')
param identityId string

@description('Object id of the identity.')
param principalId string

@description('Account with tables, queues, leases and packages.')
param storageName string

@description('Application Insights component.')
param insightsName string

@description('Service Bus namespace; empty: there is none.')
param serviceBusName string

@description('Topic that the app publishes to.')
param eventsTopic string

@description('Queue that it takes changes from.')
param crmQueue string

@description('Topic that it takes changes from.')
param crmTopic string

@description('Its subscription of that topic.')
param crmSubscription string

@description('Key vault; empty: there is none.')
param keyVaultName string

var serviceBusEnabled = !empty(serviceBusName)
var keyVaultEnabled = !empty(keyVaultName)
var role = {
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  storageQueueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  storageTableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
  serviceBusDataSender: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
  serviceBusDataReceiver: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
  keyVaultSecretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
}

resource storage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource serviceBus 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = if (serviceBusEnabled) {
  name: serviceBusName
}

resource events 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' existing = if (serviceBusEnabled) {
  parent: serviceBus
  name: eventsTopic
}

resource queue 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' existing = if (serviceBusEnabled) {
  parent: serviceBus
  name: crmQueue
}

resource changes 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' existing = if (serviceBusEnabled) {
  parent: serviceBus
  name: crmTopic
}

resource subscription 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' existing = if (serviceBusEnabled) {
  parent: changes
  name: crmSubscription
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = if (keyVaultEnabled) {
  name: keyVaultName
}

// The host's leases, keys and timers, large payloads of orchestrations, the deployed package.
resource blobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, identityId, role.storageBlobDataOwner)
  scope: storage
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.storageBlobDataOwner)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

// The app's queues and those of its orchestrations.
resource queues 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, identityId, role.storageQueueDataContributor)
  scope: storage
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.storageQueueDataContributor)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

// Leads, decisions, accounts, and the histories of orchestrations.
resource tables 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, identityId, role.storageTableDataContributor)
  scope: storage
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.storageTableDataContributor)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

// Logs and metrics: the component takes none that come by its key.
resource telemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, identityId, role.monitoringMetricsPublisher)
  scope: insights
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.monitoringMetricsPublisher)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource publishEvents 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (serviceBusEnabled) {
  name: guid(events.id, identityId, role.serviceBusDataSender)
  scope: events
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.serviceBusDataSender)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource takeFromQueue 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (serviceBusEnabled) {
  name: guid(queue.id, identityId, role.serviceBusDataReceiver)
  scope: queue
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.serviceBusDataReceiver)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource takeFromSubscription 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (serviceBusEnabled) {
  name: guid(subscription.id, identityId, role.serviceBusDataReceiver)
  scope: subscription
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.serviceBusDataReceiver)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource readSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (keyVaultEnabled) {
  name: guid(vault.id, identityId, role.keyVaultSecretsUser)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.keyVaultSecretsUser)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}
