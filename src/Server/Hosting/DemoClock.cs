using Jarvis.Simulator;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Jarvis.Server.Hosting;

/// <summary>The clock that all features live by: the system's, unless the demo is to run faster. Limits of outside calls
/// stay on the system clock.</summary>
internal static class DemoClock
{
    public static void AddClock(this WebApplicationBuilder builder)
    {
        var demo = builder.Configuration.GetSection("Demo").Get<DemoOptions>() ?? new();
        builder.Services.TryAddSingleton(demo.ClockSpeed is 1 && demo.ClockOrigin is null
            ? TimeProvider.System
            : new ScaledTimeProvider(demo.ClockOrigin ?? TimeProvider.System.GetUtcNow(), demo.ClockSpeed));
    }
}
