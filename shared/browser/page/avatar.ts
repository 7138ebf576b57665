import {
  Box3,
  DirectionalLight,
  GLTFLoader,
  HemisphereLight,
  type Mesh,
  type Object3D,
  PerspectiveCamera,
  Scene,
  Vector3,
  WebGLRenderer,
} from "../vendor/three.js";
import type { Mood } from "./face.js";
import { approach, type Weights, weights } from "./morphs.js";
import { type Mouth, REST } from "./mouth.js";
import type { Figure } from "./stage.js";

/** Height is how much is seen of somebody who has a head, in metres. */
const HEIGHT = 0.5;
const FIELD_OF_VIEW = 24;

/**
 * Avatar is a figure out of a GLB file: a head with morph targets of the Oculus or the
 * ARKit names.
 */
export class Avatar implements Figure {
  mood: Mood = "idle";
  target: Mouth = REST;
  viseme = "sil";

  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #camera = new PerspectiveCamera(FIELD_OF_VIEW, 1, 0.01, 100);
  readonly #faces: Mesh[] = [];
  readonly #head: Object3D | undefined;
  readonly #still = matchMedia("(prefers-reduced-motion: reduce)");
  #weights: Weights = {};
  #last = 0;
  #blinkAt = 1500;

  private constructor(renderer: WebGLRenderer, model: Object3D) {
    this.#renderer = renderer;
    this.#scene.add(model, new HemisphereLight(0xffffff, 0xb8a898, 2.2), sun(0.6, 1.2, 1.4));
    model.traverse((part) => {
      if ((part as Mesh).morphTargetDictionary) this.#faces.push(part as Mesh);
    });
    this.#head = model.getObjectByName("Head") ?? model.getObjectByName("head");
    this.#aim(model);
    new ResizeObserver(() => this.#resize()).observe(renderer.domElement.parentElement!);
  }

  /**
   * load puts the avatar of a file into a place. It rejects where the file, its morph
   * targets or WebGL are missing.
   */
  static async load(url: string, place: HTMLElement): Promise<Avatar> {
    const { scene } = await new GLTFLoader().loadAsync(url);
    const renderer = new WebGLRenderer({ alpha: true, antialias: true });
    renderer.setPixelRatio(Math.min(2, devicePixelRatio));
    renderer.domElement.className = "avatar";
    renderer.domElement.setAttribute("role", "img");
    place.append(renderer.domElement);
    const avatar = new Avatar(renderer, scene);
    if (avatar.#faces.length) return avatar;
    renderer.domElement.remove();
    renderer.dispose();
    throw new Error("it has no morph targets");
  }

  /** weight is how far a morph target is; tests look at it. */
  weight(name: string): number {
    return this.#weights[name] ?? 0;
  }

  frame(now: number, level: number): void {
    const ms = Math.min(100, now - this.#last);
    this.#last = now;
    this.#weights = approach(
      this.#weights,
      weights(this.viseme, this.target, this.#lids(now), (name) => this.#has(name)),
      ms,
    );
    for (const face of this.#faces) this.#shape(face);
    if (this.#head && !this.#still.matches) this.#nod(this.#head, now, level);
    this.#renderer.render(this.#scene, this.#camera);
  }

  #has(name: string): boolean {
    return this.#faces.some((face) => name in face.morphTargetDictionary!);
  }

  #shape(face: Mesh): void {
    for (const [name, index] of Object.entries(face.morphTargetDictionary!)) {
      if (name in this.#weights) face.morphTargetInfluences![index] = this.#weights[name]!;
    }
  }

  /** lids is how far the eyes are closed: a blink takes 170 ms. */
  #lids(now: number): number {
    const t = now - this.#blinkAt;
    if (t > 170) this.#blinkAt = now + 2200 + 3600 * Math.random();
    return t > 0 && t < 170 ? Math.sin((Math.PI * t) / 170) : 0;
  }

  #nod(head: Object3D, now: number, level: number): void {
    head.rotation.z = Math.sin(now / 2300) * 0.012 + (this.mood === "listening" ? 0.03 : 0);
    head.rotation.y = Math.sin(now / 3700) * 0.02 + (this.mood === "thinking" ? 0.08 : 0);
    head.rotation.x = Math.sin(now / 1900) * 0.008 + Math.min(0.03, 0.15 * level);
  }

  /** aim shows head and shoulders, or all of it where no head is named. */
  #aim(model: Object3D): void {
    const box = new Box3().setFromObject(model);
    const middle = box.getCenter(new Vector3());
    const head = this.#head?.getWorldPosition(new Vector3());
    const height = head ? HEIGHT : box.getSize(new Vector3()).y * 1.15;
    const at = head ? head.setY(head.y + 0.02) : middle;
    const distance = height / 2 / Math.tan((FIELD_OF_VIEW * Math.PI) / 360);
    this.#camera.position.set(at.x, at.y, (head ? at.z : box.max.z) + distance);
    this.#camera.lookAt(at);
    this.#resize();
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#renderer.domElement.parentElement!;
    if (!clientWidth || !clientHeight) return;
    this.#renderer.setSize(clientWidth, clientHeight);
    this.#camera.aspect = clientWidth / clientHeight;
    this.#camera.updateProjectionMatrix();
  }
}

function sun(x: number, y: number, z: number): DirectionalLight {
  const light = new DirectionalLight(0xfff2e4, 2.4);
  light.position.set(x, y, z);
  return light;
}
