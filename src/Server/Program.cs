using Jarvis.Server.Auth;
using Jarvis.Server.Cluster;
using Jarvis.Server.Events;
using Jarvis.Server.Hubs;
using Jarvis.Server.Persistence;

var builder = WebApplication.CreateBuilder(args);
builder.AddPersistence();
builder.AddEvents();
builder.AddAuth();
builder.AddCluster();
builder.AddHubs();

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapAuth();
app.MapCluster();
app.MapGroup("/api").MapEvents();
app.MapHubs();
await app.RunAsync();
