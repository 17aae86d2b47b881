using Jarvis.Server.Auth;
using Jarvis.Server.Cluster;
using Jarvis.Server.Events;
using Jarvis.Server.Hosting;
using Jarvis.Server.Hubs;
using Jarvis.Server.Persistence;

var builder = HostingSetup.CreateBuilder(args);
if (!builder.TryConfigure(Console.Error)) return 78;
await using var demo = await DemoCluster.StartAsync(builder.Configuration, TimeProvider.System, CancellationToken.None);
builder.AddHosting();
builder.AddPersistence();
builder.AddEvents();
builder.AddAuth();
builder.AddCluster();
builder.AddHubs();

var app = builder.Build();
app.UseHosting();
app.MapAuth();
app.MapCluster();
app.MapGroup("/api").MapEvents();
app.MapHubs();
app.MapHosting();
return await app.RunToEndAsync(Console.Error);
