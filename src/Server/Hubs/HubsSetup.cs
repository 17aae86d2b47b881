using System.Text.Json;
using Jarvis.Server.Auth;
using MessagePack;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;

namespace Jarvis.Server.Hubs;

internal static class HubsSetup
{
    private const int LargestMessageFromAScreen = 32 * 1024;

    public static WebApplicationBuilder AddHubs(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<HubsOptions>().BindConfiguration("Hubs").ValidateDataAnnotations().ValidateOnStart();
        builder.Services
            .AddSignalR(o =>
            {
                o.MaximumReceiveMessageSize = LargestMessageFromAScreen;
                o.MaximumParallelInvocationsPerClient = 1;
                o.KeepAliveInterval = TimeSpan.FromSeconds(10);
                o.ClientTimeoutInterval = TimeSpan.FromSeconds(30);
                o.AddFilter<SessionEnds>();
            })
            .AddJsonProtocol(o => HubJson.Configure(o.PayloadSerializerOptions))
            .AddMessagePackProtocol(o => o.SerializerOptions = MessagePackSerializerOptions.Standard
                .WithResolver(new JsonShapes(HubJson.Configure(new JsonSerializerOptions())))
                .WithSecurity(MessagePackSecurity.UntrustedData));
        builder.Services.AddSingleton<HubMeters>();
        builder.Services.AddSingleton<Broadcast>().AddHostedService(s => s.GetRequiredService<Broadcast>());
        builder.Services.AddSingleton<EventBroadcast>().AddHostedService(s => s.GetRequiredService<EventBroadcast>());
        builder.Services.AddSingleton<SessionEnds>().AddSingleton<ChatBroadcast>();
        return builder;
    }

    public static void MapHubs(this WebApplication app)
    {
        app.MapHub<ClusterHub>("/hubs/cluster", Sockets).Add(ShutWhileStopping);
        app.MapHub<EventsHub>("/hubs/events", Sockets).Add(ShutWhileStopping);
        app.MapHub<ChatHub>("/hubs/chat", Sockets).Add(ShutWhileStopping);

        // A screen that was just put off comes back at once, and nobody would close its new connection: the server
        // would wait for it until its patience is over.
        void ShutWhileStopping(EndpointBuilder endpoint)
        {
            var open = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context => app.Lifetime.ApplicationStopping.IsCancellationRequested
                ? AuthApi.Refuse(503, "STOPPING", "The server is stopping", "Connect again when it is back.").ExecuteAsync(context)
                : open(context);
        }
    }

    /// <summary>WebSockets alone: a fall-back to polling would cost more than it saves on a local network.</summary>
    private static void Sockets(HttpConnectionDispatcherOptions options)
    {
        options.Transports = HttpTransportType.WebSockets;
        options.ApplicationMaxBufferSize = 64 * 1024;
        options.TransportMaxBufferSize = 64 * 1024;
    }
}
