// A small installation to try things on: it scales to nothing and stops logging at one GB a day.
using 'main.bicep'

param environmentName = 'dev'
param logDailyLimitGb = 1
