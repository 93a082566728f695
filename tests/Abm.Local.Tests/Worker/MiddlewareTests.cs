using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Hosting;

namespace Abm.Local.Tests.Worker;

public sealed class MiddlewareTests
{
    public sealed class Functions(Notes notes)
    {
        [Function("One")]
        public IActionResult One([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
        {
            notes.Add("function");
            return new OkObjectResult("original");
        }

        [Function("Two")]
        public IActionResult Two([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => new OkObjectResult("two");
    }

    public sealed class Outer(Notes notes) : IFunctionsWorkerMiddleware
    {
        public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            notes.Add("outer in");
            await next(context);
            notes.Add("outer out");
        }
    }

    [Fact]
    public async Task Middleware_stands_around_the_function_in_the_order_of_registration()
    {
        var setup = new TestAppSetup
        {
            Configure = builder =>
            {
                builder.UseMiddleware<Outer>();
                builder.UseMiddleware(async (context, next) =>
                {
                    (context.InstanceServices.GetService(typeof(Notes)) as Notes)!.Add("inner in");
                    await next();
                    (context.InstanceServices.GetService(typeof(Notes)) as Notes)!.Add("inner out");
                });
            },
        };
        await using TestApp app = await TestApp.StartAsync(setup, typeof(Functions));

        await app.Http.GetStringAsync("/api/one");

        Assert.Equal(["outer in", "inner in", "function", "inner out", "outer out"], app.Notes.Lines);
    }

    [Fact]
    public async Task Middleware_after_the_web_application_may_replace_the_result()
    {
        var setup = new TestAppSetup
        {
            Configure = builder => builder.UseWhen(
                context => context.FunctionDefinition.Name == "One",
                async (context, next) =>
                {
                    await next();
                    context.GetInvocationResult().Value = new ObjectResult("replaced") { StatusCode = 418 };
                }),
        };
        await using TestApp app = await TestApp.StartAsync(setup, typeof(Functions));

        using HttpResponseMessage one = await app.Http.GetAsync("/api/one");
        using HttpResponseMessage two = await app.Http.GetAsync("/api/two");

        Assert.Equal((HttpStatusCode)418, one.StatusCode);
        Assert.Equal("replaced", await one.Content.ReadAsStringAsync());
        Assert.Equal("two", await two.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Middleware_may_answer_without_calling_the_function()
    {
        var setup = new TestAppSetup
        {
            Configure = builder => builder.UseMiddleware((context, _) =>
            {
                context.GetInvocationResult().Value = new StatusCodeResult(503);
                return Task.CompletedTask;
            }),
        };
        await using TestApp app = await TestApp.StartAsync(setup, typeof(Functions));

        using HttpResponseMessage response = await app.Http.GetAsync("/api/one");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Empty(app.Notes.Lines);
    }
}
