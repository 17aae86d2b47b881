using System.Text.Json;
using System.Text.Json.Nodes;
using Jarvis.Safety.Ledger;

namespace Jarvis.Safety;

/// <summary>Where administrators set the rules. What waits was shown under the old ones and runs no more.</summary>
public sealed class PolicyDesk
{
    private readonly Works _works;

    internal PolicyDesk(Works works) => _works = works;

    /// <summary>What was set; null as long as only the configuration holds.</summary>
    public PolicyState? State => _works.Policy;

    /// <summary>What was set, or what the configuration comes to.</summary>
    public Policy Current => _works.Policy?.Policy ?? Policy.Of(_works.Configured);

    /// <summary>Changes with any tool, tier or rule.</summary>
    public string Version => _works.PolicyVersion;

    public async Task<Verdict> SetAsync(Policy policy, Caller by, CancellationToken cancellationToken)
    {
        if (by is not Caller.Operator { Role: Role.Admin } person || await _works.Host.RoleOf(person.User, cancellationToken) != Role.Admin)
        {
            return new(VerdictCode.DenyRole, "Only a signed-in administrator sets the policy.");
        }
        if (policy.Wrong() is { } wrong) return new(VerdictCode.DenyArgs, wrong);
        var stored = new StoredPolicy(JsonSerializer.Serialize(policy, SafetyJson.Default.Policy), person.User, _works.Time.GetUtcNow());
        try
        {
            _works.Store.Write(w =>
            {
                var payload = new JsonObject { ["policy"] = JsonNode.Parse(stored.Text), ["before"] = w.Switches.Policy() is { } before ? JsonNode.Parse(before.Text) : null };
                w.Switches.SetPolicy(stored);
                w.Audit.Append(Works.Entry(_works.NewId(), AuditPart.Decision, by, new Turn("settings", ""), "", Tier.Black, "POLICY_SET", payload));
            });
            // In the store's turn: of two that are set at once the one that was stored last holds.
            _works.Store.Write(w => { _works.Policy = Read(w.Switches.Policy()); });
        }
        catch (StoreUnavailableException e)
        {
            return new(VerdictCode.DenyState, e.Message);
        }

        return new(VerdictCode.AllowLogged, "The policy is set.");
    }

    /// <exception cref="InvalidDataException">What is stored cannot be read: nothing is judged without it.</exception>
    internal static PolicyState? Read(StoredPolicy? stored)
    {
        try
        {
            return stored is null ? null
                : JsonSerializer.Deserialize(stored.Text, SafetyJson.Default.Policy) is { } policy && policy.Wrong() is null ? new(policy, stored.By, stored.At, Prepared.Hash(stored.Text))
                : throw new InvalidDataException("The stored policy is not one.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("The stored policy cannot be read.", e);
        }
    }
}
