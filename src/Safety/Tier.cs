namespace Jarvis.Safety;

/// <summary>How dangerous a call is: reads · takes nothing away · power over a host · interrupts or changes a guest · never.</summary>
public enum Tier { Green, Yellow, Orange, Red, Black }

/// <summary>What a person, or whoever acts for one, may do; each role includes those before it.</summary>
public enum Role { Viewer, Operator, Admin }

/// <summary>What a parameter names.</summary>
public enum Kind { Guest, Node, Service, Storage, Volume, Path, Entity }

/// <summary>What a call does to a target, from nothing to the worst. What it takes from a target it takes from all that
/// the target holds (a node its guests) from <see cref="Interrupts"/> on.</summary>
public enum Effect { Reads, Adds, Changes, Interrupts, Removes }
