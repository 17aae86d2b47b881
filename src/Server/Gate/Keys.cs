using System.Text.Json;
using Jarvis.Safety;
using Jarvis.Server.Auth;
using ApiKey = Jarvis.Server.Auth.ApiKey;
using Role = Jarvis.Server.Auth.Role;

namespace Jarvis.Server.Gate;

/// <summary>What a key may do; kept with it as JSON.</summary>
public sealed record KeyRights(Role Role, Tier Ceiling, IReadOnlyList<Grant> Grants);

/// <summary>Keys as the kernel knows callers. A key never has more than its owner has now, and never an administrator's role.</summary>
internal sealed class Keys(ApiKeys keys, People people)
{
    /// <summary>Who calls over REST; null when the owner is gone.</summary>
    public async ValueTask<Caller.ApiKey?> CallerOfAsync(ApiKey key, CancellationToken cancellationToken) =>
        await RightsOfAsync(key, cancellationToken) is var (role, rights)
            ? new() { Key = key.Name, Owner = key.Owner, Role = role, Limit = rights.Ceiling, Grants = rights.Grants } : null;

    /// <summary>Who calls over MCP; null when the key is not in force, or its owner is gone.</summary>
    public async ValueTask<Caller.McpClient?> ClientOfAsync(string secret, CancellationToken cancellationToken) =>
        await keys.FindAsync(secret, cancellationToken) is { } key && await RightsOfAsync(key, cancellationToken) is var (role, rights)
            ? new() { Key = key.Name, Owner = key.Owner, Role = role, Limit = rights.Ceiling, Grants = rights.Grants } : null;

    /// <summary>The names under which the kernel knows a key.</summary>
    public static IReadOnlyList<string> ActorsOf(ApiKey key) => [$"key:{key.Name}", $"mcp:{key.Name}"];

    public static KeyRights RightsOf(ApiKey key) => JsonSerializer.Deserialize(key.Rights, GateJson.Default.KeyRights)!;

    public static string Text(KeyRights rights) => JsonSerializer.Serialize(rights, GateJson.Default.KeyRights);

    private async ValueTask<(Safety.Role Role, KeyRights Rights)?> RightsOfAsync(ApiKey key, CancellationToken cancellationToken)
    {
        if (await people.RoleNowAsync(key.Owner, cancellationToken) is not { } owner) return null;
        var rights = RightsOf(key);
        var role = rights.Role == Role.Operator ? Safety.Role.Operator : Safety.Role.Viewer;
        return (owner < role ? owner : role, rights);
    }
}
