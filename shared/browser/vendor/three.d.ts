/** What three.js holds of three: see the package vendor in cdk/page, which makes it. */
export { Box3, DirectionalLight, HemisphereLight, PerspectiveCamera, Scene, Vector3, WebGLRenderer } from "three";
export type { Mesh, Object3D } from "three";
export { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";
