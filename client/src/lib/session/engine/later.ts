/**
 * Stands for a desk until somebody asks it something: then it is loaded, once, and asked. Every method of a desk that is made so gives a
 * promise anyway, since all of them are called over the wall.
 */
export function later<Desk extends object>(load: () => Promise<Desk>): Desk {
  let desk: Promise<Desk> | undefined;
  const loaded = async (): Promise<Desk> => {
    desk ??= load();
    try {
      return await desk;
    } catch (error) {
      // The connection was gone just then: the next who asks tries again.
      desk = undefined;
      throw error;
    }
  };
  return new Proxy({} as Desk, {
    get: (_, name) => {
      return async (...values: unknown[]) => {
        const target = await loaded();
        const method = Reflect.get(target, name) as (...args: unknown[]) => unknown;
        return await method.apply(target, values);
      };
    },
  });
}
