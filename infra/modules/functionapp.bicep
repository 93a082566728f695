@description('Name of the app.')
param name string

@description('Name of its plan: Flex Consumption has one app to a plan.')
param planName string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Resource id of the identity.')
param identityId string

@description('Client id of the identity.')
param identityClientId string

@description('Account with tables, queues, leases and packages.')
param storageName string

@description('Container that deployed packages lie in.')
param packageContainer string

@description('Application Insights component.')
param insightsName string

@description('Memory of one instance in MB.')
param instanceMemoryMB int

@description('How many instances there may be at most.')
param maximumInstanceCount int

@description('Instances that stay up.')
param alwaysReady array

@description('What stands as the source in every event.')
param eventSource string

@description('Topic that the app publishes to.')
param eventsTopic string

@description('Host name of the Service Bus namespace; empty: there is none.')
param serviceBusHost string

@description('Queue that it takes changes from.')
param crmQueue string

@description('Topic that it takes changes from.')
param crmTopic string

@description('Its subscription of that topic.')
param crmSubscription string

@description('Where notifications go; empty: nowhere.')
param webhookUrl string

@description('Whether there is a former secret of the webhook.')
param webhookPreviousSecret bool

@description('Sources of events that sign, by name.')
param eventSources array

@description('Those of them of which a former secret is taken as well.')
param eventSourcesChanging array

@description('Address of the key vault with the secrets of webhooks and sources of events; empty: there is none.')
param keyVaultUri string

@description('Further app settings.')
param extraSettings object

var serviceBusEnabled = !empty(serviceBusHost)
var webhookEnabled = !empty(webhookUrl)

resource storage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

var baseSettings = {
  AzureWebJobsStorage__blobServiceUri: storage.properties.primaryEndpoints.blob
  AzureWebJobsStorage__queueServiceUri: storage.properties.primaryEndpoints.queue
  AzureWebJobsStorage__tableServiceUri: storage.properties.primaryEndpoints.table
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId

  APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'

  // host.json is for every plan; on this one the queues of orchestrations should not be left alone for longer.
  AzureFunctionsJobHost__extensions__durableTask__storageProvider__maxQueuePollingInterval: '00:00:10'

  Abm__ConfigPath: '/home/site/wwwroot/config' // the rules that were published with the app
  Abm__Events__Topic: eventsTopic
  Abm__Events__Source: eventSource

  // A trigger without a connection is an error at start, and the names are read even of one that is off: docs/events.md.
  CrmChangesQueue: crmQueue
  CrmChangesTopic: crmTopic
  CrmChangesSubscription: crmSubscription
  'AzureWebJobs.ApplyCrmChange.Disabled': serviceBusEnabled ? 'false' : 'true'
  'AzureWebJobs.ApplyCrmChangeFromTopic.Disabled': serviceBusEnabled ? 'false' : 'true'
}

var serviceBusSettings = {
  ServiceBusConnection__fullyQualifiedNamespace: serviceBusHost
  ServiceBusConnection__credential: 'managedidentity'
  ServiceBusConnection__clientId: identityClientId
}

var webhookSettings = {
  Abm__Webhook__Url: webhookUrl
  Abm__Webhook__Secret: '@Microsoft.KeyVault(SecretUri=${keyVaultUri}secrets/abm-webhook-secret)'
}

var webhookPreviousSettings = {
  Abm__Webhook__PreviousSecret: '@Microsoft.KeyVault(SecretUri=${keyVaultUri}secrets/abm-webhook-secret-previous)'
}

var eventSourceSettings = toObject(
  eventSources,
  name => 'Abm__Signing__Sources__${name}__Secret',
  name => '@Microsoft.KeyVault(SecretUri=${keyVaultUri}secrets/abm-events-${name})'
)

var eventSourcePreviousSettings = toObject(
  eventSourcesChanging,
  name => 'Abm__Signing__Sources__${name}__PreviousSecret',
  name => '@Microsoft.KeyVault(SecretUri=${keyVaultUri}secrets/abm-events-${name}-previous)'
)

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.properties.primaryEndpoints.blob}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReady
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(
      baseSettings,
      serviceBusEnabled ? serviceBusSettings : {},
      webhookEnabled ? webhookSettings : {},
      webhookEnabled && webhookPreviousSecret ? webhookPreviousSettings : {},
      eventSourceSettings,
      eventSourcePreviousSettings,
      extraSettings
    )
  }

  // Packages come by an identity; nobody signs in with a user name and a password.
  resource scmPassword 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }

  resource ftpPassword 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }
}

@description('Name of the app.')
output name string = app.name

@description('Address of the app.')
output uri string = 'https://${app.properties.defaultHostName}'
