using Jarvis.Server.Agent;
using Jarvis.Safety;
using Jarvis.Server.Auth;
using Jarvis.Server.Cluster;
using Jarvis.Server.Events;
using Jarvis.Server.Gate;
using Jarvis.Server.Hosting;
using Jarvis.Server.Hubs;
using Jarvis.Server.Setup;

namespace Jarvis.Architecture;

public sealed class HubContractTests
{
    private static IReadOnlyList<Type> Hubs =>
    [
        .. from hub in typeof(IClusterHub).Assembly.GetTypes()
           where hub.IsInterface && hub.Namespace == typeof(IClusterHub).Namespace && hub.Name.EndsWith("Hub", StringComparison.Ordinal)
           orderby hub.Name
           select hub,
    ];

    [Fact]
    public void TypeScript_matches_the_hubs() =>
        Golden.Matches("../../web/src/contract/hubs.gen.ts", TypeScript.For([.. Hubs.SelectMany(hub => new[] { hub, ClientOf(hub) })]));

    [Fact]
    public void TypeScript_matches_the_endpoints() =>
        Golden.Matches(
            "../../web/src/contract/rest.gen.ts",
            TypeScript.ForRest(
                [
                    typeof(SignedIn), typeof(EventPageView), typeof(MetricsAnswer), typeof(ClusterAnswer), typeof(ClusterListing), typeof(NodeDetail), typeof(GuestDetail), typeof(ObserverAnswer),
                    typeof(ClusterSettings), typeof(ProbeAnswer), typeof(TestAnswer),
                    typeof(GuestConfig), typeof(SnapshotView), typeof(BackupList), typeof(VolumePage), typeof(TaskLog),
                    typeof(ChatAnswer), typeof(ChatSession), typeof(ChatConversation), typeof(ChatProvider), typeof(ToolView), typeof(CallAnswer), typeof(RunView), typeof(DecisionRequest), typeof(KillSwitchView), typeof(AuditPage), typeof(AuditVerification),
                    typeof(KeywordView), typeof(KeywordRequest), typeof(BreakGlassView), typeof(BreakGlassRequest), typeof(ApiKeyView), typeof(ApiKeyRequest), typeof(NewApiKey), typeof(PolicyView),
                    typeof(WhoAmI), typeof(SessionView), typeof(UserView), typeof(WallTokenView), typeof(NewWallToken), typeof(SetupState), typeof(HealthView),
                ],
                [.. Hubs.SelectMany(hub => new[] { hub, ClientOf(hub) })]));

    [Fact]
    public void Every_hub_can_tell_its_caller_what_failed() =>
        Assert.All(Hubs, hub => Assert.Equal(
            ["code", "message", "traceId"], ClientOf(hub).GetMethod("Failed")?.GetParameters().Select(p => p.Name)));

    [Fact]
    public void Every_method_of_a_hub_is_asynchronous() =>
        Assert.All(
            Hubs.SelectMany(hub => new[] { hub, ClientOf(hub) }).SelectMany(type => type.GetMethods()),
            method => Assert.True(method.ReturnType.IsAssignableTo(typeof(Task)), $"{method.DeclaringType}.{method.Name}"));

    private static Type ClientOf(Type hub) => hub.Assembly.GetType(hub.FullName![..^"Hub".Length] + "Client", throwOnError: true)!;
}
