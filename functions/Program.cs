using Abm.Functions.Audit;
using Abm.Functions.Configuration;
using Abm.Functions.Events;
using Abm.Functions.Features;
using Abm.Functions.Http;
using Abm.Functions.Import;
using Abm.Functions.Intake;
using Abm.Functions.Replays;
using Abm.Functions.Samples;
using Abm.Functions.Settings;
using Abm.Functions.Signals;
using Abm.Functions.Storage;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<StorageFailures>();
builder.UseMiddleware<FeatureGate>();
builder.UseMiddleware<AuditCalls>();

builder.Services.AddStorage(builder.Configuration);
builder.Services.AddConfigurationSource();
builder.Services.AddIntake();
builder.Services.AddImport();
builder.Services.AddLeadStorage();
builder.Services.AddJourneys();
builder.Services.AddLeadRouting();
builder.Services.AddPlays();
builder.Services.AddSignals();
builder.Services.AddDelivery();
builder.Services.AddExplain();
builder.Services.AddReplays();
builder.Services.AddEvents(builder.Configuration);
builder.Services.AddSamples();

builder.Build().Run();
