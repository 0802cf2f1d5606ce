"""The commands of mongo-emulator.py, and the journal that survives its end."""
import copy
import datetime
import os
import struct
import traceback

import bson
import mongomock
import mongomock.collection
from bson.codec_options import CodecOptions
from bson.son import SON
from mongomock import DuplicateKeyError, OperationFailure, WriteError
from mongomock.filtering import filter_applies

CODEC = CodecOptions(document_class=SON)
DEFAULT_BATCH = 101
BAD_INPUT = (OperationFailure, WriteError, ValueError, TypeError, NotImplementedError)

# mongomock refuses names with dots and dollars inside of documents, as drivers did before MongoDB 5; servers store them since.
mongomock.collection.BSON = None


class Refused(Exception):
    """A command that is answered with an error."""

    def __init__(self, code, name, text):
        super().__init__(text)
        self.code, self.name = code, name


class Journal:
    """Documents as they are after each change: {ns: [db, collection], put: document} or {..., delete: id} or {..., index: [...]}."""

    def __init__(self, path):
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)

    def entries(self):
        """Every whole entry; a torn one at the end, whose change was never confirmed, is cut off."""
        data = os.pread(self._file, os.fstat(self._file).st_size, 0)
        at = 0
        while at + 4 <= len(data):
            size = struct.unpack_from('<i', data, at)[0]
            if at + size > len(data):
                break
            yield bson.decode(data[at:at + size], CODEC)
            at += size
        os.ftruncate(self._file, at)

    def append(self, entries):
        data = b''.join(bson.encode(entry) for entry in entries)
        while data:
            data = data[os.write(self._file, data):]


class Server:
    """The commands."""

    def __init__(self, journal):
        self._client = mongomock.MongoClient()
        self._journal = journal
        self._cursors = {}
        self._next_cursor = 1
        self.connections = 0
        for entry in journal.entries():
            self._replay(entry)

    def run(self, command):
        """Runs one command and returns its reply."""
        name = next(iter(command))
        method = getattr(self, 'do_' + name.lower(), None)
        try:
            if method is None:
                raise Refused(59, 'CommandNotFound', 'no such command in the emulator: ' + name)
            return SON(method(command), ok=1.0)
        except Refused as e:
            return SON(ok=0.0, errmsg=str(e), code=e.code, codeName=e.name)
        except DuplicateKeyError as e:
            return SON(ok=0.0, errmsg=str(e), code=11000, codeName='DuplicateKey')
        except BAD_INPUT as e:
            return SON(ok=0.0, errmsg=str(e), code=getattr(e, 'code', None) or 2, codeName='BadValue')
        except Exception:  # pylint: disable=broad-except - the client gets it, and the test's output shows it
            text = traceback.format_exc()
            print(text, flush=True)
            return SON(ok=0.0, errmsg='the emulator failed: ' + text, code=1, codeName='InternalError')

    # Handshake and housekeeping.

    def do_hello(self, _):
        return dict(helloOk=True, ismaster=True, isWritablePrimary=True, maxBsonObjectSize=16777216, maxMessageSizeBytes=48000000,
                    maxWriteBatchSize=100000, localTime=datetime.datetime.utcnow(), logicalSessionTimeoutMinutes=30,
                    connectionId=self.connections, minWireVersion=0, maxWireVersion=17, readOnly=False)

    do_ismaster = do_hello

    def do_ping(self, _):
        return {}

    do_endsessions = do_ping

    def do_buildinfo(self, _):
        return dict(version='6.0.0', versionArray=[6, 0, 0, 0], maxBsonObjectSize=16777216, bits=64)

    # Reading.

    def do_find(self, command):
        if command.get('projection'):
            raise Refused(2, 'BadValue', 'the emulator has no projection')
        first, count = command.get('skip', 0), abs(command.get('limit', 0))
        found = self._matching(command, command.get('filter'), command.get('sort'))[first:first + count if count else None]
        return self._first_batch(command, found, command.get('batchSize', DEFAULT_BATCH), command.get('singleBatch', False))

    def do_aggregate(self, command):
        found = list(self._collection(command).aggregate(command['pipeline']))
        return self._first_batch(command, found, command.get('cursor', {}).get('batchSize', DEFAULT_BATCH), False)

    def do_getmore(self, command):
        key = command['getMore']
        if key not in self._cursors:
            raise Refused(43, 'CursorNotFound', 'cursor id %d not found' % key)
        rest = self._cursors.pop(key)
        size = command.get('batchSize') or len(rest)
        if rest[size:]:
            self._cursors[key] = rest[size:]
        return dict(cursor=dict(id=bson.Int64(key if rest[size:] else 0), ns=self._ns(command, 'collection'), nextBatch=rest[:size]))

    def do_killcursors(self, command):
        killed = [key for key in command['cursors'] if self._cursors.pop(key, None) is not None]
        return dict(cursorsKilled=killed, cursorsNotFound=[], cursorsAlive=[], cursorsUnknown=[])

    def do_listindexes(self, command):
        indexes = [dict(v=2, name=name, key=SON(index['key'])) for name, index in self._collection(command).index_information().items()]
        return self._first_batch(command, indexes, len(indexes), False)

    # Writing.

    def do_insert(self, command):
        return self._each(command, command['documents'], self._insert)

    def do_update(self, command):
        return self._each(command, command['updates'], self._update)

    def do_delete(self, command):
        return self._each(command, command['deletes'], self._delete)

    def do_findandmodify(self, command):
        found = self._matching(command, command.get('query'), command.get('sort'))
        before = copy.deepcopy(found[0]) if found else None
        if command.get('upsert'):
            raise Refused(2, 'BadValue', 'the emulator has no upsert')
        if before is None:
            return dict(lastErrorObject=dict(n=0, updatedExisting=False), value=None)
        if command.get('remove'):
            self._remove(command, before['_id'])
            return dict(lastErrorObject=dict(n=1), value=before)
        after = self._change(command, before['_id'], command['update'])
        return dict(lastErrorObject=dict(n=1, updatedExisting=True), value=after if command.get('new') else before)

    def do_createindexes(self, command):
        collection = self._collection(command)
        before = len(collection.index_information()) or 1
        for index in command['indexes']:
            self._index(collection, index)
        self._journal.append([dict(ns=self._names(command), index=command['indexes'])])
        return dict(numIndexesBefore=before, numIndexesAfter=len(collection.index_information()), createdCollectionAutomatically=False)

    def do_drop(self, command):
        self._collection(command).drop()
        self._journal.append([dict(ns=self._names(command), drop=True)])
        return {}

    def do_dropdatabase(self, command):
        self._client.drop_database(command['$db'])
        self._journal.append([dict(ns=[command['$db']], drop=True)])
        return dict(dropped=command['$db'])

    # How.

    def _insert(self, command, document):
        self._collection(command).insert_one(document)
        self._journal.append([dict(ns=self._names(command), put=document)])
        return dict(n=1)

    def _update(self, command, update):
        if update.get('upsert'):
            raise Refused(2, 'BadValue', 'the emulator has no upsert')
        ids = self._ids(command, update['q'], 0 if update.get('multi') else 1)
        for key in ids:
            self._change(command, key, update['u'])
        return dict(n=len(ids), nModified=len(ids))

    def _delete(self, command, delete):
        ids = self._ids(command, delete['q'], delete['limit'])
        for key in ids:
            self._remove(command, key)
        return dict(n=len(ids))

    def _ids(self, command, query, limit):
        return [found['_id'] for found in self._matching(command, query, None)][:limit or None]

    def _matching(self, command, query, sort):
        """The documents as they are stored. mongomock's own find() copies every match before it sorts."""
        store, query = self._collection(command)._store, query or {}  # pylint: disable=protected-access
        texts = list(self._texts(query))
        key = next((text for field, text in texts if field == '_id'), None)
        documents = store.documents if key is None else [store[key]] if key in store else []
        for field, text in texts:  # cheap, as filter_applies is slow: what cannot match is left out first
            documents = [document for document in documents if document.get(field) == text or isinstance(document.get(field), list)]
        found = [document for document in documents if filter_applies(query, document)]
        for field, direction in reversed(list((sort or {}).items())):
            found.sort(key=lambda document, by=field: self._rank(document.get(by)), reverse=direction < 0)
        return found

    @staticmethod
    def _rank(value):
        """Where a value stands in MongoDB's order: null, numbers, texts, booleans."""
        for rank, kind in enumerate((type(None), bool, (int, float), str)):
            if isinstance(value, kind):
                return (0, 0) if value is None else (4 if kind is bool else rank, value)
        raise Refused(2, 'BadValue', 'the emulator does not sort by a ' + type(value).__name__)

    @staticmethod
    def _texts(query):
        """The top-level fields that the query asks to equal a text."""
        for part in [query] + list(query.get('$and', [])):
            for field, asked in part.items():
                asked = asked.get('$eq') if isinstance(asked, dict) else asked
                if isinstance(asked, str) and '.' not in field and not field.startswith('$'):
                    yield field, asked

    def _change(self, command, key, update):
        collection = self._collection(command)
        if isinstance(update, list):
            raise Refused(2, 'BadValue', 'the emulator has no pipeline updates')
        if next(iter(update), '').startswith('$'):
            collection.update_one({'_id': key}, update)
        else:
            collection.replace_one({'_id': key}, update)
        after = copy.deepcopy(collection._store[key])  # pylint: disable=protected-access
        self._journal.append([dict(ns=self._names(command), put=after)])
        return after

    def _remove(self, command, key):
        self._collection(command).delete_one({'_id': key})
        self._journal.append([dict(ns=self._names(command), delete=key)])

    def _each(self, command, items, one):
        total, errors = dict(n=0), []
        for position, item in enumerate(items):
            try:
                for field, count in one(command, item).items():
                    total[field] = total.get(field, 0) + count
            except DuplicateKeyError as e:
                text = 'E11000 duplicate key error collection: %s dup key: %s' % (self._ns(command), e)
                errors.append(dict(index=position, code=11000, errmsg=text, keyPattern={'_id': 1}, keyValue={'_id': item.get('_id')}))
            except BAD_INPUT as e:
                errors.append(dict(index=position, code=getattr(e, 'code', None) or 2, errmsg=str(e)))
            if errors and command.get('ordered', True):
                break
        return dict(total, writeErrors=errors) if errors else total

    def _first_batch(self, command, found, size, single):
        key = 0
        if found[size:] and not single:
            key, self._next_cursor = self._next_cursor, self._next_cursor + 1
            self._cursors[key] = found[size:]
        return dict(cursor=dict(id=bson.Int64(key), ns=self._ns(command), firstBatch=found[:size]))

    @staticmethod
    def _index(collection, index):
        collection.create_index(list(index['key'].items()), name=index['name'], unique=bool(index.get('unique')))

    def _replay(self, entry):
        if len(entry['ns']) == 1:
            self._client.drop_database(entry['ns'][0])
            return
        collection = self._client[entry['ns'][0]][entry['ns'][1]]
        if 'put' in entry:
            collection.replace_one({'_id': entry['put']['_id']}, entry['put'], upsert=True)
        elif 'delete' in entry:
            collection.delete_one({'_id': entry['delete']})
        elif 'index' in entry:
            for index in entry['index']:
                self._index(collection, index)
        else:
            collection.drop()

    def _collection(self, command):
        return self._client[command['$db']][self._names(command)[1]]

    @staticmethod
    def _names(command, field=None):
        return [command['$db'], command[field or next(iter(command))]]

    def _ns(self, command, field=None):
        return '.'.join(str(part) for part in self._names(command, field))
