using System.ComponentModel.DataAnnotations;

namespace Jarvis.Server.Events;

/// <summary>What happened, and for how long it is kept.</summary>
public sealed class EventsOptions
{
    /// <summary>Whole days that events are kept.</summary>
    [Range(1, 3650, ErrorMessage = "Events:KeepDays must be 1 to 3650.")]
    public int KeepDays { get; set; } = 90;
}

public static class EventsSetup
{
    /// <summary>The event log; it opens in the background and takes appends from the first moment.</summary>
    public static IHostApplicationBuilder AddEvents(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<EventsOptions>().Bind(builder.Configuration.GetSection("Events")).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(services => services.GetRequiredService<Microsoft.Extensions.Options.IOptions<EventsOptions>>().Value);
        builder.Services.AddSingleton<EventMeters>().AddSingleton<EventLog>();
        builder.Services.AddHostedService(services => services.GetRequiredService<EventLog>());
        builder.Services.AddHealthChecks().AddCheck<EventsHealth>("events");
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, EventsJson.Default));
        return builder;
    }
}
