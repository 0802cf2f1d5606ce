namespace Ferry.Agent.Inventory.Databases;

/// <summary>A database on a machine.</summary>
/// <param name="Product">Which.</param>
/// <param name="Running">Whether its server runs.</param>
/// <param name="Evidence">The program, process or file that shows it.</param>
internal sealed record DatabaseInventory(string Product, bool Running, string Evidence);
