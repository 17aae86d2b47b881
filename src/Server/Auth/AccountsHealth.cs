using System.Data.Common;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Jarvis.Server.Auth;

/// <summary>Whether people can sign in.</summary>
internal sealed class AccountsHealth(AuthStore store, SigningKey key) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (store.Trouble is not null) return HealthCheckResult.Degraded("The database cannot be used; only the emergency sign-in works.");
        if (key.Trouble is not null) return HealthCheckResult.Degraded("The signing key cannot be kept; everybody signs in again after a restart.");
        try
        {
            return await store.HasAccountsAsync(cancellationToken)
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded("There is no account yet.");
        }
        catch (DbException)
        {
            return HealthCheckResult.Degraded("The accounts cannot be read; the log says why.");
        }
    }
}
