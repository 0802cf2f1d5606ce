namespace Ferry.Hosting.Documents;

/// <summary>The store cannot do what was asked: it is locked for too long, damaged, or holds what is not a document. The cause is the inner exception.</summary>
public sealed class DocumentStoreException(string message, Exception? innerException = null) : Exception(message, innerException);
