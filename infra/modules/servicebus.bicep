@minLength(6)
@maxLength(50)
@description('Name of the namespace.')
param name string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Topic that the app publishes to.')
param eventsTopic string

@description('Names of the subscriptions of that topic.')
param eventSubscriptions array

@description('Queue with changes from the CRM.')
param crmQueue string

@description('Topic with changes from the CRM.')
param crmTopic string

@description('The app\'s subscription of that topic.')
param crmSubscription string

// The app waits up to a minute before it puts a change back, ten times: docs/events.md.
var delivery = {
  lockDuration: 'PT5M'
  maxDeliveryCount: 10
}

resource bus 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: 'Standard' // the smallest with topics
    tier: 'Standard'
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
  }
}

resource events 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' = {
  parent: bus
  name: eventsTopic
  properties: {
    requiresDuplicateDetection: true // an event is told at least once, always under one id
    duplicateDetectionHistoryTimeWindow: 'PT1H'
  }
}

resource receivers 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = [for subscription in eventSubscriptions: {
  parent: events
  name: subscription
  properties: {
    maxDeliveryCount: delivery.maxDeliveryCount
  }
}]

resource queue 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  parent: bus
  name: crmQueue
  properties: {
    lockDuration: delivery.lockDuration
    maxDeliveryCount: delivery.maxDeliveryCount
    deadLetteringOnMessageExpiration: true
  }
}

resource changes 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' = {
  parent: bus
  name: crmTopic
}

resource subscription 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = {
  parent: changes
  name: crmSubscription
  properties: {
    lockDuration: delivery.lockDuration
    maxDeliveryCount: delivery.maxDeliveryCount
    deadLetteringOnMessageExpiration: true
  }
}

@description('Name of the namespace.')
output name string = bus.name

@description('Host name that clients connect to.')
output host string = split(split(bus.properties.serviceBusEndpoint, '/')[2], ':')[0]
