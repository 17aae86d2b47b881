using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests;

internal static class Meters
{
    /// <summary>Makes meters that nobody reads.</summary>
    public static IMeterFactory New() => new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
}
