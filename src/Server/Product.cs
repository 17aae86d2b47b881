using Jarvis.Server.Agent;
using Jarvis.Server.Agent.Providers;
using Jarvis.Server.Auth;
using Jarvis.Server.Cluster;
using Jarvis.Server.Events;
using Jarvis.Server.Gate;
using Jarvis.Server.Hosting;
using Jarvis.Server.Hubs;
using Jarvis.Server.Mcp;
using Jarvis.Server.Persistence;
using Jarvis.Server.Setup;
using Jarvis.Server.Tools;

namespace Jarvis.Server;

/// <summary>The features put together.</summary>
internal static class Product
{
    /// <summary>The whole product, not yet started; null when its configuration cannot be used, and
    /// <paramref name="output"/> has been told why.</summary>
    public static async Task<WebApplication?> BuildAsync(string[] args, TextWriter output, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = HostingSetup.CreateBuilder(args);
        if (!builder.TryConfigure(output)) return null;
        builder.AddClock();
        // Before the demo, whose simulator would write another token over that of the server which is in there.
        if ((builder.OccupiedFolder() ?? await builder.AddDemoAsync()) is { } trouble)
        {
            await output.WriteLineAsync(trouble);
            return null;
        }

        builder.AddFeatures();
        adjust?.Invoke(builder);

        var app = builder.Build();
        app.UseHosting();
        app.MapHosting();
        app.MapAuth();
        app.MapGroup("/api").MapEvents();
        app.MapCluster();
        app.MapGate();
        app.MapAgent();
        app.MapSetup();
        app.MapHubs();
        app.MapMcp();
        app.MapSpend();
        return app;
    }

    /// <summary>What each feature brings, without what runs beside them.</summary>
    public static void AddFeatures(this WebApplicationBuilder builder)
    {
        builder.AddHosting();
        builder.AddPersistence();
        builder.AddEvents();
        builder.AddAuth();
        builder.AddCluster();
        builder.AddTools();
        builder.AddGate();
        builder.AddAgent();
        builder.AddSetup();
        builder.AddHubs();
        builder.AddMcp();
        builder.AddProviders();
        builder.Services.AddSingleton(s => new ChatPeople(
            static principal => CurrentUser.From(principal) is { Wall: false } user ? People.ModelOf(user) : null,
            s.GetRequiredService<People>().ModelNowAsync));
        builder.Services.AddSingleton(s => new McpTokens(s.GetRequiredService<Keys>().ClientOfAsync));
    }
}
