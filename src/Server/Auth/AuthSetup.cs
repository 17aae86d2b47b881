using Jarvis.Server.Persistence;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Auth;

public static class AuthSetup
{
    internal const int PasswordIterations = 210_000;

    public static WebApplicationBuilder AddAuth(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<AuthOptions>().BindConfiguration("Auth").ValidateDataAnnotations().ValidateOnStart();
        var fromEnvironment = builder.Configuration["JARVIS_ADMIN_PASSWORD_FILE"];
        services.AddSingleton(s => new AdminPassword(
            string.IsNullOrEmpty(fromEnvironment) ? s.GetRequiredService<IOptions<AuthOptions>>().Value.AdminPasswordFile : fromEnvironment,
            s.GetRequiredService<IOptions<AuthOptions>>().Value.AdminUser));
        builder.AddSchema("auth", AuthStore.Tables, AuthStore.WallTables, AuthStore.FileTables, AuthStore.KeyTables);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(s => SigningKey.At(s.GetRequiredService<DataFolder>().File("signing.key")));
        services.AddSingleton<AuthStore>().AddSingleton<AccessTokens>().AddSingleton<SessionTokens>().AddSingleton<Cookies>().AddSingleton<Sessions>();
        services.AddSingleton<Accounts>().AddSingleton<Users>().AddSingleton<WallTokens>().AddSingleton<ApiKeys>().AddSingleton<Reauthentication>();
        services.AddSingleton<LoginThrottle>().AddSingleton<Devices>().AddSingleton<SignIn>();
        services.AddSingleton(_ => new OperatorConsole(Console.Out)).AddSingleton<EmergencyCode>();
        services.Configure<PasswordHasherOptions>(o => o.IterationCount = PasswordIterations);
        services.TryAddSingleton<IPasswordHasher<Account>, PasswordHasher<Account>>();
        services.AddHostedService<SessionUpkeep>().AddHostedService<PasswordResets>();
        services.AddHealthChecks().AddCheck<AccountsHealth>("accounts");
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, AuthJson.Default));

        services.AddHttpContextAccessor();
        services.AddScoped(s => CurrentUser.From(s.GetRequiredService<IHttpContextAccessor>().HttpContext?.User)
            ?? throw new InvalidOperationException("Nobody is signed in here; the endpoint needs a policy."));

        // Not AddAuthentication(): that brings data protection and its key ring, which nothing here uses.
        services.AddAuthenticationCore(o => o.DefaultScheme = SessionAuthentication.Scheme).AddWebEncoders();
        new AuthenticationBuilder(services).AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(
                SessionAuthentication.Scheme, o => o.ForwardDefaultSelector = c => ApiKeyAuthentication.IsKey(c.Request) ? ApiKeyAuthentication.Scheme : null)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.Scheme, null);
        services.AddAuthorization(o =>
        {
            o.FallbackPolicy = o.DefaultPolicy = new AuthorizationPolicyBuilder(SessionAuthentication.Scheme).RequireAuthenticatedUser().RequireAssertion(MayThisWay).Build();
            foreach (var role in Enum.GetValues<Role>())
                o.AddPolicy(Policies.Of(role), p => p.RequireAuthenticatedUser().RequireAssertion(c => MayThisWay(c) && CurrentUser.From(c.User)!.Role >= role || MayByKey(c)));
        });
        return builder;
    }

    public static WebApplication MapAuth(this WebApplication app)
    {
        app.MapAuthApi();
        app.MapSessionsApi();
        app.MapUsersApi();
        app.MapWallApi();
        return app;
    }

    // A key opens what says that it takes keys, and nothing else, whatever role it has.
    private static bool MayByKey(AuthorizationHandlerContext context) =>
        ApiKeyAuthentication.KeyOf(context.User) is not null && (context.Resource as HttpContext)?.GetEndpoint()?.Metadata.GetMetadata<TakesKeys>() is not null;

    // A display reads and follows; hubs that do more ask for more than a viewer. A connection to one begins with a POST.
    private static bool MayThisWay(AuthorizationHandlerContext context) =>
        CurrentUser.From(context.User) is { } user
        && (!user.Wall || context.Resource is HttpContext { Request: var request }
            && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || request.Path.StartsWithSegments(Cookies.HubPath)));
}
