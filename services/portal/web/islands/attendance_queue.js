// The taps that the server has not answered yet, in IndexedDB: they outlive the page, the tab and the battery.
const STORE = "operations";

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("attendance", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "number", autoIncrement: true });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function inStore(mode, act) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode);
    const request = act(transaction.objectStore(STORE));
    transaction.oncomplete = () => { database.close(); resolve(request?.result); };
    transaction.onabort = () => { database.close(); reject(transaction.error); };
  });
}

// In the order of the taps.
export const listOperations = () => inStore("readonly", (store) => store.getAll());
export const addOperation = (operation) => inStore("readwrite", (store) => store.add(operation));
export const keepOperation = (operation) => inStore("readwrite", (store) => store.put(operation));
export const dropOperations = (numbers) =>
  inStore("readwrite", (store) => { for (const number of numbers) store.delete(number); });

// Takes an answered tap out, and builds the tap that followed it in the same cell on the version that it made.
export const settleOperation = (settled, version) =>
  inStore("readwrite", (store) => {
    store.openCursor().onsuccess = ({ target: { result: cursor } }) => {
      if (!cursor) return;
      const operation = cursor.value;
      if (operation.number === settled.number) cursor.delete();
      else if (operation.after === settled.op_id) cursor.update({ ...operation, after: null, base_version: version });
      cursor.continue();
    };
  });
