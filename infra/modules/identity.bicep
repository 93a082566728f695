@description('Name of the identity.')
param name string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags object

// User-assigned, so that its roles are there before the app starts for the first time.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
  tags: tags
}

@description('Resource id.')
output id string = identity.id

@description('Object id, which roles are given to.')
output principalId string = identity.properties.principalId

@description('Client id, which the app signs in with.')
output clientId string = identity.properties.clientId
