using Jarvis.Server.Gate;

namespace Jarvis.Server.Setup.Steps;

/// <summary>The word for calls that give power over a host; without one they are refused.</summary>
public sealed class KeywordStep(KeywordDesk desk) : SetupStep
{
    public override string Id => "keyword";

    public override string Title => "Approval keyword";

    public override bool Required => false;

    public override int Order => 400;

    public override ValueTask<bool> IsDoneAsync(CancellationToken cancellationToken) => new(desk.IsSet);
}
