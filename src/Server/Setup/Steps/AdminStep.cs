using Jarvis.Server.Auth;

namespace Jarvis.Server.Setup.Steps;

/// <summary>Somebody who may change things.</summary>
public sealed class AdminStep(AuthStore accounts) : SetupStep
{
    public override string Id => "admin";

    public override string Title => "Administrator";

    public override bool Required => true;

    public override int Order => 100;

    public override async ValueTask<bool> IsDoneAsync(CancellationToken cancellationToken) => await accounts.HasAccountsAsync(cancellationToken);
}
