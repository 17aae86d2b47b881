using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Jarvis.Server.Tests.Gate.SafetyCases;

/// <summary>The test runs once for each channel over which tools are called; or for those named, where the case is theirs alone.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EveryChannelAttribute(params string[] channels) : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>([.. (channels.Length == 0 ? Channel.All : channels).Select(c => new TheoryDataRow<string>(c))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
