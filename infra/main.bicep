// Everything an installation needs, in one resource group: `az deployment group create` and `azd` both take this file.
targetScope = 'resourceGroup'

@minLength(1)
@maxLength(64)
@description('Names the installation: part of every name, tag and event source, such as dev or prod.')
param environmentName string

@description('Region of all resources. It must offer Flex Consumption: az functionapp list-flexconsumption-locations.')
@metadata({
  azd: {
    type: 'location'
  }
})
param location string = resourceGroup().location

@description('Redundancy of the storage that holds leads, decisions, plays and queues.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_LRS'

@description('Memory of one instance in MB. The index of accounts lies in it: some 600 MB for a million accounts.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('How many instances there may be at most.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Instances that stay up, each a group (http, durable or function:<name>) and a count. None: the first call after a pause waits for a cold start of seconds.')
param alwaysReady array = []

@description('Days that logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('GB of logs a day after which none are taken any more until the next day; -1: no limit.')
param logDailyLimitGb int = -1

@description('Makes a Service Bus namespace, publishes events to it and takes changes from the CRM: docs/events.md.')
param serviceBusEnabled bool = false

@description('Subscriptions of the topic of events, one for each receiver. What is published while there is none is lost.')
param eventSubscriptions array = []

@description('Makes a key vault for the secrets of the webhook and of sources of events, so that they can be put in before webhookUrl or eventSources is given.')
param keyVaultEnabled bool = false

@description('Where notifications are posted to, by https. Empty: they are only logged. Put the secret abm-webhook-secret into the key vault first.')
param webhookUrl string = ''

@description('Signs with the former secret as well, abm-webhook-secret-previous in the key vault, while receivers change over.')
param webhookPreviousSecret bool = false

@description('Sources of events that sign what they send, by names of letters and digits. Put the secret abm-events-{name} of each into the key vault first.')
param eventSources array = []

@description('Those of them of which the former secret is taken as well, abm-events-{name}-previous in the key vault, while the sender changes over.')
param eventSourcesChanging array = []

@description('Further app settings, by the names in docs/operations.md with __ for a colon, such as Abm__Webhook__MaxAttempts. No secrets: they belong into the key vault.')
param extraSettings object = {}

var token = toLower(uniqueString(resourceGroup().id, environmentName, location))
var storageName = 'st${token}'
var insightsName = 'appi-${token}'
var serviceBusName = 'sb-${token}'
var keyVaultName = 'kv-${token}'
var tags = {
  'azd-env-name': environmentName
}
var crm = {
  queue: 'crm-changes'
  topic: 'crm'
  subscription: 'abm'
}
var eventsTopic = 'abm-events'
var packageContainer = 'app-package'
var withKeyVault = keyVaultEnabled || !empty(webhookUrl) || !empty(eventSources)

module identity 'modules/identity.bicep' = {
  name: 'identity'
  params: {
    name: 'id-${token}'
    location: location
    tags: tags
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  params: {
    name: storageName
    location: location
    tags: tags
    sku: storageSku
    packageContainer: packageContainer
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: {
    workspaceName: 'log-${token}'
    insightsName: insightsName
    location: location
    tags: tags
    retentionDays: logRetentionDays
    dailyLimitGb: logDailyLimitGb
  }
}

module serviceBus 'modules/servicebus.bicep' = if (serviceBusEnabled) {
  name: 'servicebus'
  params: {
    name: serviceBusName
    location: location
    tags: tags
    eventsTopic: eventsTopic
    eventSubscriptions: eventSubscriptions
    crmQueue: crm.queue
    crmTopic: crm.topic
    crmSubscription: crm.subscription
  }
}

module keyVault 'modules/keyvault.bicep' = if (withKeyVault) {
  name: 'keyvault'
  params: {
    name: keyVaultName
    location: location
    tags: tags
  }
}

module roles 'modules/roles.bicep' = {
  name: 'roles'
  params: {
    identityId: identity.outputs.id
    principalId: identity.outputs.principalId
    storageName: storage.outputs.name
    insightsName: monitoring.outputs.insightsName
    serviceBusName: serviceBusEnabled ? serviceBus!.outputs.name : ''
    eventsTopic: eventsTopic
    crmQueue: crm.queue
    crmTopic: crm.topic
    crmSubscription: crm.subscription
    keyVaultName: withKeyVault ? keyVault!.outputs.name : ''
  }
}

// The roles come first: an app that starts without them fails, and some of its triggers stay off until it is started again.
module functionApp 'modules/functionapp.bicep' = {
  name: 'functionapp'
  dependsOn: [
    roles
  ]
  params: {
    name: 'func-${token}'
    planName: 'plan-${token}'
    location: location
    tags: union(tags, {
      'azd-service-name': 'functions'
    })
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: storage.outputs.name
    packageContainer: packageContainer
    insightsName: monitoring.outputs.insightsName
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReady: alwaysReady
    eventSource: '/abm-functions/${environmentName}'
    eventsTopic: eventsTopic
    serviceBusHost: serviceBusEnabled ? serviceBus!.outputs.host : ''
    crmQueue: crm.queue
    crmTopic: crm.topic
    crmSubscription: crm.subscription
    webhookUrl: webhookUrl
    webhookPreviousSecret: webhookPreviousSecret
    eventSources: eventSources
    eventSourcesChanging: eventSourcesChanging
    keyVaultUri: withKeyVault ? keyVault!.outputs.uri : ''
    extraSettings: extraSettings
  }
}

@description('Region of the resources.')
output AZURE_LOCATION string = location

@description('Tenant that the identities belong to.')
output AZURE_TENANT_ID string = subscription().tenantId

@description('Group that holds everything.')
output AZURE_RESOURCE_GROUP string = resourceGroup().name

@description('Name of the app, for az functionapp.')
output AZURE_FUNCTION_NAME string = functionApp.outputs.name

@description('Name of the app, for azd.')
output SERVICE_FUNCTIONS_NAME string = functionApp.outputs.name

@description('Address of the app.')
output SERVICE_FUNCTIONS_URI string = functionApp.outputs.uri

@description('Account that holds everything the app stores.')
output AZURE_STORAGE_NAME string = storage.outputs.name

@description('Component with logs and metrics.')
output AZURE_APPLICATION_INSIGHTS_NAME string = monitoring.outputs.insightsName

@description('Vault for the secrets of the webhook and of sources of events; empty without one.')
output AZURE_KEY_VAULT_NAME string = withKeyVault ? keyVaultName : ''

@description('Namespace of events and CRM changes; empty without one.')
output AZURE_SERVICE_BUS_NAME string = serviceBusEnabled ? serviceBusName : ''
